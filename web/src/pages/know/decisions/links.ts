// Is a link followed, by which evidence was it made, and why is it not followed?
import type { IdentityLink, InertReason, LinkName } from '@/api/types'

export type LinkState = 'followed' | 'not_followed' | 'withdrawn'

export const linkStateWords: Record<LinkState, string> = {
  followed: 'Followed',
  not_followed: 'Not followed',
  withdrawn: 'Withdrawn',
}

/** Why a link is not followed, in few words. */
export const inertWords: Record<InertReason, string> = {
  two_user_ids: 'Two user ids',
  withdrawn: 'Withdrawn by hand',
  limit: 'Too many of a kind',
  blocked: 'Blocked value',
  unverified: 'Not verified',
  shared: 'Shared by many',
}

export function linkState(link: IdentityLink): LinkState {
  if (link.inert === null) return 'followed'
  return link.inert === 'withdrawn' ? 'withdrawn' : 'not_followed'
}

/** Why it is not followed, without the words that the state says already. */
export function whyNotFollowed(link: IdentityLink): string | null {
  if (link.inert === null || !link.why_inert) return null
  return capitalised(link.why_inert.replace(/^Not followed: /, ''))
}

/** By what the two were linked. Only a person's decision comes from no source. */
export function evidenceOf(link: IdentityLink): string {
  return link.source ? capitalised(link.words.replace(/\.$/, '')) : 'Merged by hand'
}

/** One link has one name: two identifiers and the rule. */
export function linkKey({ a, b, rule }: LinkName): string {
  return [a.kind, a.value, b.kind, b.value, rule].join(' ')
}

export function linkName({ a, b, rule }: IdentityLink): LinkName {
  return { a, b, rule }
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
