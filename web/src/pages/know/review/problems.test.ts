import { expect, test } from 'vitest'
import type { Answer } from './outbox'
import { problemOf } from './problems'
import type { FoundPair } from './wire'

const answer = (says: Answer['says']): Answer => ({ pair: 'k_1', says, words: 'Ann and Anne' })
const result = (state: FoundPair['state'] | null, problem: string | null) => ({
  ...{ pair_id: 'k_1', problem },
  pair: state && ({ id: 'k_1', state } as FoundPair),
})

test('what was taken, or had been taken before, is no problem', () => {
  expect(problemOf(answer('same'), result('same', null))).toBeNull()
  expect(problemOf(answer('same'), result('same', 'it is no open question: same'))).toBeNull()
  expect(problemOf(answer('undo'), result('open', 'nobody has judged it: open'))).toBeNull()
  expect(problemOf(answer('skip'), result('skipped', 'no open question'))).toBeNull()
})

test('two who are one already, or gone, are nobody’s problem', () => {
  expect(problemOf(answer('same'), result('gone', 'they are one customer already'))).toBeNull()
})

test('what somebody else decided is told in plain words; the rest as the engine says it', () => {
  expect(problemOf(answer('same'), result('different', 'it is no open question'))).toBe(
    'somebody else has said that they are two people',
  )
  expect(problemOf(answer('same'), result('open', 'one of the two is suspended'))).toBe(
    'one of the two is suspended',
  )
  expect(problemOf(answer('same'), result(null, 'there is no such pair'))).toBe(
    'there is no such pair',
  )
})
