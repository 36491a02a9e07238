// Does an address say a period, and does a question follow it?
import { expect, it } from 'vitest'
import { firstFrame } from '../metrics/frames'
import { askedOver, grainFor, offered, periodOf, periodWords } from './periods'

it('reads what is offered, and days', () => {
  for (const { value } of offered) expect(periodOf(value)).not.toBeNull()
  expect(periodOf('last-30-day')).toEqual({ kind: 'last', n: 30, grain: 'day', current: true })
  expect(periodOf('2026-01-01_2026-03-31')).toEqual({
    kind: 'between',
    first: '2026-01-01',
    last: '2026-03-31',
  })
})

it.each([
  undefined,
  '',
  'last-0-day',
  'last-5000-day',
  'last-3-fortnight',
  '2026-02-30_2026-03-01',
  '2026-03-01_2026-02-01',
])('takes %s for no period', (text) => {
  expect(periodOf(text)).toBeNull()
})

it.each([
  ['last-7-day', 'last 7 days', 'day'],
  ['last-1-day', 'this day', 'hour'],
  ['last-12-week', 'last 12 weeks', 'day'],
  ['last-12-month', 'last 12 months', 'month'],
  ['2026-01-01_2026-06-30', '2026-01-01 to 2026-06-30', 'week'],
])('says %s as %s, by %s', (text, words, grain) => {
  const period = periodOf(text)!
  expect(periodWords(period)).toBe(words)
  expect(grainFor(period)).toBe(grain)
})

it('asks a metric over another time, and leaves it alone without one', () => {
  const day = { kind: 'last', n: 1, grain: 'day', current: true } as const
  const frame = firstFrame({ definition: { is: 'trend', series: [] } })
  const ask = { metric: 'orders', ...frame, period: day, grain: 'hour' as const }
  expect(askedOver(ask, null)).toBe(ask)
  const week = periodOf('last-7-day')!
  expect(askedOver(ask, week)).toEqual({ ...ask, period: week, grain: 'day' })
})
