// What could be decided here, and in which words is it asked, done and told?
import type { DecisionPreview, IdentityLink, NamedIdentifier, Wish } from '@/api/types'
import { countExact, counted } from '@/kit/number'
import { cardName } from '../naming'
import { evidenceOf, linkName, linkState } from './links'

export interface Ask {
  wish: Wish
  title: string
  /** What it means, before anything is known of its effect. */
  lead: string
  /** What the button says. */
  act: string
  /** What is said when it is done. */
  done: (preview: DecisionPreview) => string
  /** Why nobody would move, where that is so. */
  unmoved: string
}

const HELD_BY_OTHERS = 'Nobody would move: other links hold them together.'

export function askToMerge(ids: string[]): Ask {
  return {
    wish: { merge: ids },
    title: 'Merge with another customer',
    lead: 'From then on they are one customer, whatever the evidence says. It can be taken back exactly.',
    act: ids.length === 2 ? 'Merge these two' : `Merge these ${countExact(ids.length)}`,
    done: ({ before }) => `${inWords(before.map(cardName))} are one customer now`,
    unmoved: HELD_BY_OTHERS,
  }
}

export function askToWithdraw(link: IdentityLink): Ask {
  const isFollowed = linkState(link) === 'followed'
  return {
    wish: { withdraw: [linkName(link)] },
    title: 'Withdraw a link',
    lead: `${endsOf(link)}: “${evidenceOf(link)}” should not count any more, as if it had never been. More of the same evidence does not bring it back.`,
    act: 'Withdraw the link',
    done: () => 'The link is withdrawn',
    unmoved: isFollowed ? HELD_BY_OTHERS : 'Nobody would move: it is not followed now either.',
  }
}

export function askToRestore(link: IdentityLink): Ask {
  return {
    wish: { restore: [linkName(link)] },
    title: 'Restore a link',
    lead: `${endsOf(link)}: “${evidenceOf(link)}” counts again, as if it had never been withdrawn.`,
    act: 'Restore the link',
    done: () => 'The link counts again',
    unmoved: 'Nobody would move: other links decide who they belong to.',
  }
}

export function askToPart(identifier: NamedIdentifier, name: string): Ask {
  const value = shortened(identifier.value)
  return {
    wish: { part: [{ kind: identifier.kind, value: identifier.value }] },
    title: 'Somebody else',
    lead: `${identifier.value} is not ${name}: every link between the two is withdrawn, as if they had never been.`,
    act: `Part ${value} from ${shortened(name)}`,
    done: () => `${value} is parted from ${shortened(name)}`,
    unmoved: HELD_BY_OTHERS,
  }
}

/** The effect in one sentence, numbers first. */
export function effectOf(preview: DecisionPreview, unmoved: string): string {
  const { before, after, conflicts, is_without_effect } = preview
  if (is_without_effect) return unmoved
  const was = counted(before.length, 'customer')
  const would = `${before.length === 1 ? 'becomes' : 'become'} ${numberWord(after.length)}`
  if (after.length < before.length) {
    const events = sum(before.map((card) => card.n_events))
    const conflicting = conflicts.length > 0 ? counted(conflicts.length, 'conflicting trait') : null
    return sentence(`${was} ${would}`, [`${events} events`, conflicting])
  }
  if (after.length > before.length) {
    const events = after.map((card) => countExact(card.n_events))
    return sentence(`${was} ${would}`, [`${inWords(events)} events`])
  }
  return sentence('Identifiers move', [`${was} before and after`])
}

function sentence(said: string, details: (string | null)[]): string {
  return `${said}: ${details.filter(Boolean).join(', ')}.`
}

/** 14 + 230; a long list is only summed up. */
function sum(parts: number[]): string {
  if (parts.length <= 3) return parts.map(countExact).join(' + ')
  return countExact(parts.reduce((all, part) => all + part, 0))
}

function numberWord(n: number): string {
  return ['none', 'one', 'two', 'three', 'four'][n] ?? countExact(n)
}

function inWords(parts: string[]): string {
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`
}

function endsOf({ a, b }: IdentityLink): string {
  return `${shortened(a.value)} and ${shortened(b.value)}`
}

const SHORT_CHARS = 28

/** A long value keeps its beginning and its end, by which people tell ids apart. */
function shortened(text: string): string {
  const chars = [...text]
  if (chars.length <= SHORT_CHARS) return text
  return `${chars.slice(0, 16).join('')}…${chars.slice(-8).join('')}`
}
