// Which words of the API's closed sets may an address carry? A word of no set is left out.
import type { CustomerSort, EventKind, EventStatus } from './types'

/** All of `Word`, held complete by the compiler. */
const all = <Word extends string>(words: Record<Word, true>) => Object.keys(words) as Word[]

export const eventKinds = all<EventKind>({
  track: true,
  page: true,
  screen: true,
  identify: true,
  group: true,
  alias: true,
})

export const eventStatuses = all<EventStatus>({
  accepted: true,
  flagged: true,
  refused: true,
  duplicate: true,
})

export const customerSorts = all<CustomerSort>({
  last_seen: true,
  first_seen: true,
  n_events: true,
  n_orders: true,
  revenue: true,
  name: true,
})

/** The word of the set that `text` is, if it is one. */
export function oneOf<Word extends string>(
  words: Word[],
  text: string | undefined,
): Word | undefined {
  return words.find((word) => word === text)
}
