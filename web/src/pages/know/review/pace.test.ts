import { expect, test } from 'vitest'
import { paceOf, timeLeft } from './pace'

const every = (ms: number, n: number, from = 0) =>
  Array.from({ length: n }, (_, i) => from + i * ms)

test('a pace is the median time per pair, once there are enough answers', () => {
  expect(paceOf([])).toBeNull()
  expect(paceOf(every(2_000, 3))).toBeNull()
  expect(paceOf(every(2_000, 4))).toBe(2_000)
  expect(paceOf([0, 1_000, 2_000, 12_000])).toBe(1_000)
  expect(paceOf([0, 1_000, 3_000, 6_000, 10_000])).toBe(2_500)
})

test('a pause does not count, and only the latest answers do', () => {
  expect(paceOf([...every(2_000, 3), ...every(2_000, 3, 900_000)])).toBe(2_000)
  expect(paceOf([...every(9_000, 30), ...every(1_000, 21, 300_000)])).toBe(1_000)
})

test('the rest is told in minutes; nothing is told while nobody can tell', () => {
  expect(timeLeft(86, null)).toBeNull()
  expect(timeLeft(0, 2_000)).toBeNull()
  expect(timeLeft(5, 2_000)).toBe('less than a minute left at this pace')
  expect(timeLeft(360, 2_000)).toBe('about 12 min left at this pace')
})
