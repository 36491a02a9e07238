import { expect, test } from 'vitest'
import { give, newDeck, pass, rest, takeBack, type Deck } from './deck'
import type { Pair } from './wire'

const pair = (id: string) => ({ id }) as Pair
const pairs = ['k1', 'k2', 'k3', 'k4'].map(pair)
const none = new Set<string>()
const ids = (deck: Deck, all = pairs, elsewhere: Set<string> = none) =>
  rest(all, deck, elsewhere).map((one) => one.id)
const given = (id: string, at = Number(id.slice(1))) => [
  { pair: pair(id), verdict: 'same' as const, at },
]

test('what is answered is not asked again; Undo brings it back where it stood', () => {
  let deck = give(give(newDeck, given('k1')), given('k2'))
  expect(ids(deck)).toEqual(['k3', 'k4'])
  const back = takeBack(deck)
  deck = back.deck
  expect(back.taken.map((one) => one.pair.id)).toEqual(['k2'])
  expect(ids(deck)).toEqual(['k2', 'k3', 'k4'])
  expect(ids(takeBack(deck).deck)).toEqual(['k1', 'k2', 'k3', 'k4'])
  expect(takeBack(newDeck).taken).toEqual([])
})

test('what is left for later comes at the end, in the order in which it was left', () => {
  let deck = pass(pass(newDeck, pair('k1')), pair('k2'))
  expect(ids(deck)).toEqual(['k3', 'k4', 'k1', 'k2'])
  deck = pass(deck, pair('k1'))
  expect(ids(deck)).toEqual(['k3', 'k4', 'k2', 'k1'])
  expect(ids(give(deck, given('k1')))).toEqual(['k3', 'k4', 'k2'])
})

test('answers that were given together are taken back together, also later', () => {
  const deck = give(newDeck, [...given('k1', 7), ...given('k2', 7)])
  expect(takeBack(deck).taken.map((one) => one.pair.id)).toEqual(['k1', 'k2'])
  const later = give(deck, given('k3', 8))
  expect(ids(takeBack(later, 7).deck)).toEqual(['k1', 'k2', 'k4'])
})

test('a pair that two pages hold is asked once, and one whose answer is on its way not at all', () => {
  expect(ids(newDeck, [...pairs, pair('k1')], new Set(['k3']))).toEqual(['k1', 'k2', 'k4'])
})
