import { expect, test } from 'vitest'
import { dayKey, dayName, duration, relative } from './time'

const now = new Date(2026, 10, 21, 14, 30)
const ago = (ms: number) => new Date(now.getTime() - ms)
const MINUTE = 60_000
const HOUR = 60 * MINUTE

test.each([
  [ago(10_000), 'just now'],
  [ago(50_000), '1 min ago'],
  [ago(59 * MINUTE), '59 min ago'],
  [ago(3 * HOUR), '3 h ago'],
  [ago(23 * HOUR), '23 h ago'],
  [ago(25 * HOUR), '20 Nov 2026'],
  [ago(-20 * MINUTE), 'in 20 min'],
])('relative up to a day, the date after: %s', (at, words) => {
  expect(relative(at, now)).toBe(words)
})

test('days are the viewer’s calendar days', () => {
  expect(dayKey(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  expect(dayName(new Date(2026, 10, 21, 0, 1), now)).toBe('Today')
  expect(dayName(new Date(2026, 10, 20, 23, 59), now)).toBe('Yesterday')
  expect(dayName(new Date(2026, 10, 19, 12, 0), now)).toBe('Thursday 19 November')
  expect(dayName(new Date(2025, 2, 9, 12, 0), now)).toBe('Sunday 9 March 2025')
})

test.each([
  [120, '120 ms'],
  [4_200, '4 s'],
  [12 * MINUTE, '12 min'],
  [200 * MINUTE, '3 h 20 min'],
  [2 * HOUR, '2 h'],
])('duration(%s)', (ms, words) => {
  expect(duration(ms)).toBe(words)
})
