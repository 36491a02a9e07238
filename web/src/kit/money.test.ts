import { expect, test } from 'vitest'
import { money, moneyOf } from './money'

test.each([
  [{ minor: 1999, currency: 'EUR' }, '€19.99'],
  [{ minor: 123_456_789_012, currency: 'EUR' }, '€1,234,567,890.12'],
  [{ minor: 1200, currency: 'JPY' }, '¥1,200'],
  [{ minor: -500, currency: 'USD' }, '-$5.00'],
  [{ minor: 12_345, currency: 'KWD' }, 'KWD 12.345'],
])('money in its own currency and its own minor units: %o', (amount, words) => {
  expect(money(amount).replace(/\u00a0/g, ' ')).toBe(words)
})

test('a currency that does not exist is shown as it came', () => {
  expect(money({ minor: 1234, currency: 'not-one' })).toBe('12.34 not-one')
})

test('whole units are not taken for minor ones, also where there are none', () => {
  expect(moneyOf(129.5, 'EUR')).toBe('€129.50')
  expect(moneyOf(1200, 'JPY')).toBe('¥1,200')
})
