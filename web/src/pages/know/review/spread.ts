// How many pairs would fall on either side of two thresholds?
import { countExact } from '@/kit/number'
import type { Spread, SpreadBin } from './wire'

export interface Thresholds {
  link_at: number
  review_at: number
}

export interface Sides {
  n_link: number
  n_review: number
  /** Of those that were kept: below the floor nobody counted. */
  n_apart: number
}

/** A bin that a threshold cuts is shared out evenly, so that such counts are only about right. */
export function sidesOf({ bins }: Spread, { link_at, review_at }: Thresholds): Sides {
  const n_from = (threshold: number) =>
    Math.round(bins.reduce((sum, bin) => sum + bin.n * shareAbove(bin, threshold), 0))
  const n_all = bins.reduce((sum, bin) => sum + bin.n, 0)
  const n_link = n_from(link_at)
  const n_both = Math.max(n_link, n_from(review_at))
  return { n_link, n_review: n_both - n_link, n_apart: n_all - n_both }
}

function shareAbove({ from, to }: SpreadBin, threshold: number): number {
  if (threshold <= from) return 1
  return threshold >= to ? 0 : (to - threshold) / (to - from)
}

export type Band = 'link' | 'review' | 'apart'

export function bandOf({ from, to }: SpreadBin, { link_at, review_at }: Thresholds): Band {
  const middle = (from + to) / 2
  if (middle >= link_at) return 'link'
  return middle >= review_at ? 'review' : 'apart'
}

/** What the change would mean for the pairs of the last search. */
export function changeWords(spread: Spread, now: Thresholds, then: Thresholds): string | null {
  const [before, after] = [sidesOf(spread, now), sidesOf(spread, then)]
  const parts = [
    step(after.n_link - before.n_link, 'linked without being asked'),
    step(after.n_review - before.n_review, 'put up for review'),
  ].filter((part) => part !== null)
  if (parts.length === 0) return null
  return `Of the last search’s pairs ${parts.join(', and ')}.`
}

function step(n: number, what: string): string | null {
  if (n === 0) return null
  return `about ${countExact(Math.abs(n))} ${n > 0 ? 'more' : 'fewer'} would be ${what}`
}
