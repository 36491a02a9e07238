// Is a number said in its unit, and called better only where it is?
import { expect, it } from 'vitest'
import type { MetricGood, MetricUnit } from '@/api/metricTypes'
import { changed, figure, judged, type Verdict } from './words'

const eur: MetricUnit = { is: 'money', currency: 'EUR' }

it.each<[MetricUnit, number, string]>([
  [eur, 96.5, '€96.50'],
  [eur, 1_482.4, '€1,482'],
  [eur, 482_119.4, '€482K'],
  [{ is: 'events' }, 9_412, '9,412'],
  [{ is: 'customers' }, 3_120_000, '3.12M'],
  [{ is: 'share' }, 0.3421, '34.2 %'],
  [{ is: 'percent' }, 34.21, '34.2 %'],
  [{ is: 'days' }, 1, '1 day'],
  [{ is: 'other', name: 'points' }, 12.345, '12.3 points'],
  [{ is: 'other', name: '' }, 12_345, '12,345'],
])('%o %d is %s', (unit, value, words) => {
  expect(figure(unit, value)).toBe(words)
})

it.each<[MetricGood, number, number, Verdict]>([
  [{ is: 'up' }, 1, 2, 'better'],
  [{ is: 'up' }, 2, 1, 'worse'],
  [{ is: 'down' }, 2, 1, 'better'],
  [{ is: 'up' }, 2, 2, 'same'],
  [{ is: 'neither' }, 1, 2, 'neither'],
  [{ is: 'between', low: 10, high: 20 }, 12, 18, 'same'],
  [{ is: 'between', low: 10, high: 20 }, 18, 25, 'worse'],
  [{ is: 'between', low: 10, high: 20 }, 2, 25, 'better'],
])('%o: from %d to %d is %s', (good, before, now, verdict) => {
  expect(judged(good, before, now)).toBe(verdict)
})

it.each<[MetricUnit, number, number, string]>([
  [eur, 100, 112, '12 % more'],
  [eur, 100, 95.5, '4.5 % less'],
  [eur, 0, 5, 'more'],
  [eur, 5, 5, 'as before'],
  [{ is: 'share' }, 0.3, 0.314, '1.4 points more'],
  [{ is: 'percent' }, 34, 31, '3 points less'],
])('%o from %d to %d is %s', (unit, before, now, words) => {
  expect(changed(unit, before, now)).toBe(words)
})
