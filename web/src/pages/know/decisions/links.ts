// Is a link followed, by which evidence was it made, and why is it not followed?
import type { IdentityLink, LinkName } from '@/api/types'

export type LinkState = 'followed' | 'not_followed' | 'withdrawn'

export const linkStateWords: Record<LinkState, string> = {
  followed: 'Followed',
  not_followed: 'Not followed',
  withdrawn: 'Withdrawn',
}

export function linkState(link: IdentityLink): LinkState {
  if (link.active) return 'followed'
  // The engine says it in its sentence and nowhere else.
  return link.why_inert?.includes('withdrawn by hand') ? 'withdrawn' : 'not_followed'
}

/** Why it is not followed, without the words that the state says already. */
export function whyNotFollowed(link: IdentityLink): string | null {
  if (link.active || !link.why_inert) return null
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
