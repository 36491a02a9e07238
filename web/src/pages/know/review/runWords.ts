// What is a search doing, what did it find, and what would undoing it change?
import { countExact, counted } from '@/kit/number'
import type { Tone } from '@/kit'
import type { Run, RunPhase, RunState } from './wire'

export const phaseWords: Record<RunPhase, string> = {
  reading: 'Reading the customers',
  learning: 'Learning what tells people apart',
  comparing: 'Comparing',
  writing: 'Writing down what was found',
}

export const stateWords: Record<RunState, { tone: Tone; words: string }> = {
  running: { tone: 'accent', words: 'At work' },
  done: { tone: 'good', words: 'Done' },
  cancelled: { tone: 'quiet', words: 'Stopped' },
  failed: { tone: 'bad', words: 'Failed' },
  interrupted: { tone: 'warn', words: 'Interrupted' },
}

/** The answer first: how many are linked, how many are in doubt. */
export function foundWords(run: Run): string {
  if (run.state === 'failed') return 'Nothing was changed.'
  if (run.state === 'interrupted') {
    return 'The engine stopped meanwhile. Start another search: nothing is done twice.'
  }
  const links = run.n_links === 0 ? 'Nobody was linked' : `${counted(run.n_links, 'link')} made`
  const inDoubt =
    run.n_review === 0 ? 'no pair in doubt' : `${counted(run.n_review, 'pair')} put up for review`
  return `${links}, ${inDoubt}.`
}

/** How much was looked at, and what was left alone. */
export function workWords(run: Run): string {
  const parts = [
    `${counted(run.n_records, 'customer')}, ${counted(run.n_compared, 'pair')} compared`,
  ]
  if (run.n_held_apart > 0) {
    parts.push(`${countExact(run.n_held_apart)} sure enough, but held apart by something else`)
  }
  if (run.n_withdrawn > 0) parts.push(`${counted(run.n_withdrawn, 'link')} withdrawn again`)
  return parts.join('; ')
}

export function undoEffect(run: Run): string {
  const n = run.n_links - run.n_withdrawn
  return `${counted(n, 'link')} of this search ${n === 1 ? 'is' : 'are'} withdrawn, as if they had never been, and its open pairs are closed. What people answered stays.`
}

export function canUndo(run: Run): boolean {
  const isOver = run.state === 'done' || run.state === 'cancelled'
  return isOver && run.undone_at === null && run.n_links + run.n_review > 0
}
