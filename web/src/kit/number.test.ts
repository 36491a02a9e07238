import { expect, test } from 'vitest'
import { bytes, counted, countExact, countShort, measure, share } from './number'

test.each([
  [0, '0'],
  [9_412, '9,412'],
  [9_999, '9,999'],
  [12_431, '12.4K'],
  [541_909, '542K'],
  [3_141_592, '3.14M'],
  [-12_431, '-12.4K'],
])('countShort(%s) keeps three digits from 10,000 on', (n, words) => {
  expect(countShort(n)).toBe(words)
})

test('countExact rounds nothing away', () => {
  expect(countExact(541_909)).toBe('541,909')
  expect(countExact(123_456_789_012)).toBe('123,456,789,012')
})

test.each([
  [1, '1 event'],
  [0, '0 events'],
  [2_410, '2,410 events'],
])('counted(%s) agrees with its noun', (n, words) => {
  expect(counted(n, 'event')).toBe(words)
})

test('counted takes an irregular plural', () => {
  expect(counted(3, 'property', 'properties')).toBe('3 properties')
})

test.each([
  [0, 10, '0.0 %'],
  [1, 100_000, 'under 0.1 %'],
  [62, 100, '62 %'],
  [5, 100, '5.0 %'],
  [5, 0, 'not known'],
])('share(%s, %s) never divides by nothing', (part, whole, words) => {
  expect(share(part, whole)).toBe(words)
})

test('measure and bytes', () => {
  expect(measure(0.07142857)).toBe('0.0714')
  expect(bytes(4_231_000)).toBe('4.23 MB')
  expect(bytes(12)).toBe('12 bytes')
})
