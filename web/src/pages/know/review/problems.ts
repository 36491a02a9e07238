// Did the engine take an answer, and if not, does anybody have to know?
import type { Answer } from './outbox'
import type { FoundPair, VerdictResult } from './wire'

type PairState = FoundPair['state']

/** How a pair stands once the answer is taken. */
const stands: Record<Answer['says'], PairState> = {
  same: 'same',
  different: 'different',
  skip: 'skipped',
  undo: 'open',
}

const meanwhile: Partial<Record<PairState, string>> = {
  same: 'somebody else has said that they are the same person',
  different: 'somebody else has said that they are two people',
  linked: 'they were linked meanwhile',
}

/** Why the answer does not count, or null. An answer that was sent a second time, because the
 * reply to the first was lost, counts; about two who are one already, or gone, nobody is asked. */
export function problemOf({ says }: Answer, result: VerdictResult | undefined): string | null {
  if (!result?.problem) return null
  const state = result.pair?.state
  if (state === undefined) return result.problem
  if (state === stands[says] || state === 'gone') return null
  return meanwhile[state] ?? result.problem
}
