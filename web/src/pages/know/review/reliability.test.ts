import { expect, test } from 'vitest'
import {
  judgement,
  pointsOf,
  pointWords,
  reliabilityOf,
  summaryOf,
  wilson,
  type Reliability,
} from './reliability'

const checked = (...bins: [from: number, n: number, expected: number, observed: number][]) =>
  ({
    n_verdicts: bins.reduce((sum, [, n]) => sum + n, 0),
    bins: bins.map(([from, n, expected, observed]) => ({
      ...{ from, to: from + 0.1, n, expected, observed },
    })),
    error: null,
  }) satisfies Reliability

test('the interval of a share is that of Wilson: 20 of 22', () => {
  const { low, high } = wilson(20, 22)
  expect(low).toBeCloseTo(0.722, 3)
  expect(high).toBeCloseTo(0.9747, 3)
  expect(wilson(0, 5).low).toBe(0)
  expect(wilson(5, 5).high).toBe(1)
})

test('the check is told as people count; too few answers are no check', () => {
  const good = checked([0.4, 10, 4.5, 5], [0.9, 200, 180, 182])
  expect(summaryOf(good)).toBe(
    'Of 100 pairs about which it says 90 %, about 91 are the same person.',
  )
  expect(summaryOf(checked([0.9, 9, 8, 8]))).toBeNull()
  expect(summaryOf(checked())).toBeNull()
  expect(pointWords(pointsOf(good)[0]!)).toBe(
    'Of 10 pairs about which it said 40 to 50 %, 5 were the same person.',
  )
})

test('it is called wrong only where chance does not explain it, and in which direction', () => {
  const of = (...bins: Parameters<typeof checked>) => judgement(pointsOf(checked(...bins)))
  expect(of([0.9, 22, 20.1, 19])).toMatch(/means what it says/)
  expect(of([0.9, 200, 190, 150])).toMatch(/claims more than it should/)
  expect(of([0.3, 200, 70, 130])).toMatch(/claims less than it could/)
  expect(of([0.3, 200, 70, 130], [0.9, 200, 190, 150])).toMatch(/not right everywhere/)
  expect(of([0.9, 5, 4.9, 1])).toMatch(/means what it says/)
})

test('pairs that people answered are held against what was claimed; others do not count', () => {
  const pair = (probability: number, state: 'same' | 'different' | 'skipped') => ({
    ...{ probability, state },
  })
  const answered = [pair(0.92, 'same'), pair(0.98, 'different'), pair(1, 'same'), pair(0.4, 'same')]
  const { n_verdicts, bins, error } = reliabilityOf([...answered, pair(0.5, 'skipped')])
  expect(n_verdicts).toBe(4)
  expect(bins.map(({ from, n, observed }) => [from, n, observed])).toEqual([
    [0.4, 1, 1],
    [0.9, 3, 2],
  ])
  expect(bins[1]?.expected).toBeCloseTo(2.9)
  expect(error).toBeCloseTo((0.6 + 0.9) / 4)
  expect(reliabilityOf([])).toEqual({ n_verdicts: 0, bins: [], error: null })
})
