// What did a decision do, in words?
import type { Decision } from '@/api/types'
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
  // Each of them was joined to the oldest.
  if (kind === 'merge') return `Merged ${counted(n_changes + 1, 'customer')}`
  const links = counted(n_changes, 'link')
  return kind === 'restore' ? `Restored ${links}` : `Withdrew ${links}`
}

/** Whether it still stands, so that it can be taken back. */
export function isStanding({ refusal, undone_by }: Decision): boolean {
  return refusal === null && undone_by === null
}

const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1)
