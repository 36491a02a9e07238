import { expect, test } from 'vitest'
import { bandOf, changeWords, sidesOf } from './spread'
import type { Spread } from './wire'

const spread: Spread = {
  floor: 0.2,
  bins: [
    { from: 0.2, to: 0.4, n: 40, n_open: 0 },
    { from: 0.4, to: 0.6, n: 20, n_open: 20 },
    { from: 0.6, to: 0.8, n: 10, n_open: 10 },
    { from: 0.8, to: 1, n: 100, n_open: 0 },
  ],
}

test('two thresholds part the pairs in three; a bin that is cut is shared out', () => {
  const sides = (link_at: number, review_at: number) => sidesOf(spread, { link_at, review_at })
  expect(sides(0.8, 0.4)).toEqual({ n_link: 100, n_review: 30, n_apart: 40 })
  expect(sides(0.9, 0.3)).toEqual({ n_link: 50, n_review: 100, n_apart: 20 })
  expect(sides(0.5, 0.5)).toEqual({ n_link: 120, n_review: 0, n_apart: 50 })
  expect(sidesOf({ ...spread, bins: [] }, { link_at: 0.9, review_at: 0.3 })).toEqual({
    ...{ n_link: 0, n_review: 0, n_apart: 0 },
  })
  const bands = spread.bins.map((bin) => bandOf(bin, { link_at: 0.8, review_at: 0.4 }))
  expect(bands).toEqual(['apart', 'review', 'review', 'link'])
})

test('a change is told by what would be different', () => {
  const now = { link_at: 0.8, review_at: 0.4 }
  expect(changeWords(spread, now, now)).toBeNull()
  expect(changeWords(spread, now, { link_at: 0.6, review_at: 0.4 })).toBe(
    'Of the last search’s pairs about 10 more would be linked without being asked, and about 10 fewer would be put up for review.',
  )
})
