// Is the right number taken for now, and the right one for before?
import { expect, it } from 'vitest'
import type { TrendAnswer, TrendValue } from '@/api/insightTypes'
import { readingOf } from './reading'

const value = (number: number | null): TrendValue => ({
  value: number,
  n: 1,
  low: null,
  high: null,
  not_estimable: number === null ? 'too few' : null,
})
const span = (is_whole: boolean) => ({
  begin: '2026-03-01T00:00:00Z',
  name: '2026-03-01',
  is_whole,
})
const line = (whole: number | null, ...points: number[]) =>
  ({
    series: 0,
    group: 0,
    points: points.map(value),
    whole: value(whole),
  }) as TrendAnswer['lines'][number]
const answer = (part: Partial<TrendAnswer>) => ({
  answer: { compared: null, ...part } as TrendAnswer,
})

it('takes the whole period beside the one before', () => {
  const spans = [span(true), span(true)]
  const compared = { spans, lines: [line(5, 2, 3)] }
  expect(readingOf(answer({ spans, lines: [line(7, 3, 4)], compared }))).toEqual({
    now: 7,
    before: 5,
    absent: null,
    points: [3, 4],
    of: 'whole',
  })
})

it('takes the last whole span where nothing is compared', () => {
  const spans = [span(true), span(true), span(false)]
  expect(readingOf(answer({ spans, lines: [line(9, 0.3, 0.4, 0.1)] }))).toMatchObject({
    now: 0.4,
    before: 0.3,
    of: 'last',
  })
})

it('says why there is none', () => {
  const spans = [span(true)]
  const compared = { spans, lines: [line(null)] }
  expect(readingOf(answer({ spans, lines: [line(null)], compared }))).toMatchObject({
    now: null,
    before: null,
    absent: 'too few',
  })
  expect(readingOf(answer({ spans: [], lines: [] })).now).toBeNull()
})
