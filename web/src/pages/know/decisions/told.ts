// What did a decision do, in words?
import type { DecidedLink, Decision } from '@/api/types'
import { counted } from '@/kit/number'

/** `all` are the decisions around it, among which the one that it took back is found. */
export function told(decision: Decision, all: Decision[]): string {
  if (decision.undoes === null) return deed(decision)
  const undone = all.find((other) => other.id === decision.undoes)
  if (!undone) return 'Took back an earlier decision'
  // Taking back what took something back does it again.
  if (undone.undoes !== null)
    return `Did again: ${lower(told(undone, all)).replace(/^took back: /, '')}`
  return `Took back: ${lower(deed(undone))}`
}

function deed({ kind, n_changes }: Decision): string {
  if (kind === 'linkage') return `Linked ${counted(n_changes, 'pair')}, being alike enough`
  // Each of them was joined to the oldest.
  if (kind === 'merge') return `Merged ${counted(n_changes + 1, 'customer')}`
  const links = counted(n_changes, 'link')
  return kind === 'restore' ? `Restored ${links}` : `Withdrew ${links}`
}

/** Whom it is about, by name: those who have one, and how many there are beside them. */
export function namesOf({ customers, n_customers }: Decision): string | null {
  const names = [...new Set(customers.map(({ id, name }) => name ?? id))].slice(0, NAMES_SHOWN)
  const n_more = n_customers - Math.min(customers.length, NAMES_SHOWN)
  if (names.length === 0) return null
  return n_more > 0 ? `${names.join(', ')} and ${counted(n_more, 'other')}` : names.join(', ')
}

/** The links that it changed, in words; those that are not shown are counted. */
export function linksOf({ links, n_changes }: Decision): string[] {
  const end = (identifier: DecidedLink['a']) => identifier?.value ?? 'somebody erased'
  const shown = links.slice(0, LINKS_SHOWN).map(({ a, b }) => `${end(a)} and ${end(b)}`)
  const n_more = n_changes - shown.length
  return n_more > 0 ? [...shown, `and ${counted(n_more, 'more link')}`] : shown
}

const NAMES_SHOWN = 4
const LINKS_SHOWN = 3

/** Whether it still stands, so that it can be taken back. */
export function isStanding({ refusal, undone_by }: Decision): boolean {
  return refusal === null && undone_by === null
}

const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1)
