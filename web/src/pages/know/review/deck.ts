// Which pair is asked next, what was answered in this sitting, and what does Undo bring back?
import type { Pair, Verdict } from './wire'

export interface Given {
  pair: Pair
  verdict: Verdict
  /** When, in milliseconds; what was given together has the same. */
  at: number
}

export interface Deck {
  /** In the order in which they were given; the last one is what Undo takes back. */
  given: Given[]
  /** Looked at and left for later: they come again at the end. */
  passed: string[]
}

export const newDeck: Deck = { given: [], passed: [] }

/** The pairs still to be asked, the next one first. `elsewhere` are those whose answers are still
 * on their way from before. */
export function rest(pairs: Pair[], deck: Deck, elsewhere: ReadonlySet<string>): Pair[] {
  const given = new Set(deck.given.map((one) => one.pair.id))
  const seen = new Set<string>()
  const open = pairs.filter((pair) => {
    const isNew = !seen.has(pair.id) && !given.has(pair.id) && !elsewhere.has(pair.id)
    seen.add(pair.id)
    return isNew
  })
  const last = (pair: Pair) => deck.passed.lastIndexOf(pair.id)
  const now = open.filter((pair) => last(pair) < 0)
  const later = open.filter((pair) => last(pair) >= 0).sort((x, y) => last(x) - last(y))
  return [...now, ...later]
}

export function give(deck: Deck, given: Given[]): Deck {
  const ids = new Set(given.map((one) => one.pair.id))
  return {
    given: [...deck.given, ...given],
    passed: deck.passed.filter((id) => !ids.has(id)),
  }
}

export function pass(deck: Deck, pair: Pair): Deck {
  return { ...deck, passed: [...deck.passed.filter((id) => id !== pair.id), pair.id] }
}

/** Takes back what was given last, or at `at`: one answer, or many that were given together. Their
 * pairs are asked again, where they stood before. */
export function takeBack(deck: Deck, at = deck.given.at(-1)?.at): { deck: Deck; taken: Given[] } {
  const taken = deck.given.filter((one) => one.at === at)
  return { deck: { ...deck, given: deck.given.filter((one) => one.at !== at) }, taken }
}
