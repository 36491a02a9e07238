// Does a mark stand where its day is, by the clock of the chart?
import { expect, test } from 'vitest'
import { marksAt, markWords, type Mark } from './marks'

const mark = (day: string): Mark => ({ key: day, day, text: 'Price rise' })
const spans = (...begins: string[]) => begins.map((begin) => ({ begin }))
const placesOf = (
  day: string,
  ...rest: [{ begin: string }[], Parameters<typeof marksAt>[2], string]
) => marksAt([mark(day)], ...rest).flatMap((marks, at) => (marks.length > 0 ? [at] : []))

test('days begin where the chart says so', () => {
  const days = spans('2026-02-28T23:00:00Z', '2026-03-01T23:00:00Z')
  expect(placesOf('2026-03-01', days, 'day', 'Europe/Berlin')).toEqual([0])
  expect(placesOf('2026-03-02', days, 'day', 'Europe/Berlin')).toEqual([1])
  expect(placesOf('2026-02-28', days, 'day', 'Europe/Berlin')).toEqual([])
  expect(placesOf('2026-03-03', days, 'day', 'Europe/Berlin')).toEqual([])
  expect(placesOf('2026-03-01', days, 'day', 'UTC')).toEqual([1])
})

test('longer spans hold their days, up to the end of the last one', () => {
  const weeks = spans('2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z')
  expect(placesOf('2026-03-08', weeks, 'week', 'UTC')).toEqual([0])
  expect(placesOf('2026-03-15', weeks, 'week', 'UTC')).toEqual([1])
  expect(placesOf('2026-03-16', weeks, 'week', 'UTC')).toEqual([])
  const months = spans('2025-12-01T00:00:00Z')
  expect(placesOf('2025-12-31', months, 'month', 'UTC')).toEqual([0])
  expect(placesOf('2026-01-01', months, 'month', 'UTC')).toEqual([])
  const quarters = spans('2025-10-01T00:00:00Z', '2026-01-01T00:00:00Z')
  expect(placesOf('2026-03-31', quarters, 'quarter', 'UTC')).toEqual([1])
  expect(placesOf('2026-04-01', quarters, 'quarter', 'UTC')).toEqual([])
  expect(placesOf('2026-12-31', spans('2026-01-01T00:00:00Z'), 'year', 'UTC')).toEqual([0])
})

test('among hours a day stands at its first one', () => {
  const hours = spans('2026-03-01T22:00:00Z', '2026-03-01T23:00:00Z', '2026-03-02T00:00:00Z')
  expect(placesOf('2026-03-02', hours, 'hour', 'Europe/Berlin')).toEqual([1])
})

test('nothing asked, nothing marked', () => {
  expect(marksAt([mark('2026-03-01')], [], 'day', 'UTC')).toEqual([])
  expect(markWords(mark('2026-03-01'))).toBe('1 March 2026: Price rise')
})
