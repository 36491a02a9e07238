// How do we speak of an erasure: why it was ordered, and how far it is?
import type { Erasure, ErasureReason, ErasureState } from '@/api/privacyTypes'
import type { Tone } from '@/kit/Status'

export const reasonWords: Record<ErasureReason, string> = {
  request: 'They asked for it',
  objection: 'They object to what is done with it',
  retention: 'It is no longer needed',
  other: 'Another reason',
}

/** Why it was ordered; a reason of a later program as it stands. */
export function whyErased(reason: string): string {
  return (reasonWords as Record<string, string | undefined>)[reason] ?? reason
}

export const erasureStates: Record<ErasureState, { tone: Tone; words: string }> = {
  erasing: { tone: 'accent', words: 'Erasing' },
  verifying: { tone: 'accent', words: 'Checking every file' },
  done: { tone: 'good', words: 'Erased' },
  failed: { tone: 'bad', words: 'Held up' },
}

/** Where it stands, in a sentence. */
export function erasureSentence(erasure: Erasure): string {
  const { customer_id, state, carried_out_at } = erasure
  if (state === 'done') {
    return `Customer ${customer_id} is erased, and every file of the data directory was searched for them.`
  }
  if (state === 'failed') {
    return `The erasure of customer ${customer_id} is held up; it is tried again by itself.`
  }
  if (carried_out_at === null) return `Customer ${customer_id} is about to be erased.`
  return `Nobody sees customer ${customer_id} any more. What is left on the disk is being deleted.`
}

/** Between 0 and 1 over all steps, each counting the same. */
export function erasureProgress({ steps, state }: Erasure): number {
  if (state === 'done') return 1
  if (steps.length === 0) return 0
  const shares = steps.map((step) => {
    if (step.state === 'done') return 1
    return step.n_total > 0 ? Math.min(1, step.n_done / step.n_total) : 0
  })
  return shares.reduce((sum, share) => sum + share, 0) / steps.length
}
