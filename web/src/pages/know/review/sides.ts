// What are the two called, what do their fields mean, and who stands where?
import type { FieldEvidence, Pair, Side } from './wire'

export function sideName(side: Side): string {
  return side.name?.trim() || side.identifiers[0]?.value || side.customer_id
}

export function pairWords({ a, b }: Pair): string {
  return `${sideName(a)} and ${sideName(b)}`
}

/** "day and month swapped", or why it says nothing. */
export function levelWords({ level, a, b, is_withheld }: FieldEvidence): string {
  if (level !== null) return level
  if (is_withheld) return 'kept from your role'
  if (a !== null && b !== null) return 'told by another field'
  return a === null && b === null ? 'not known of either' : 'not known of one of them'
}

const heldApart: Record<string, string | undefined> = {
  two_user_ids: 'Each has a user id of their own, so nothing but a person’s word would join them.',
  taken_back: 'They were one customer before, and somebody took that back.',
  contradicted: 'Others who would become one with them speak against it.',
}

export function heldApartWords(why: string): string {
  return heldApart[why] ?? 'Something else holds them apart; only a person’s word would join them.'
}
