// How is the number of a metric said, and is it better than before?
import type { MetricGood, MetricUnit } from '@/api/metricTypes'
import { moneyOf } from '@/kit/money'
import { countExact, countShort, measure } from '@/kit/number'

/** From here on a number is rounded to three digits. */
const LARGE = 100_000

/** A number in its unit: "€48,211", "34.2 %", "12 days". */
export function figure(unit: MetricUnit, value: number): string {
  switch (unit.is) {
    case 'events':
    case 'customers':
      return count(value)
    case 'share':
      return `${measure(value * 100)} %`
    case 'percent':
      return `${measure(value)} %`
    case 'money':
      return money(value, unit.currency)
    case 'days':
      return `${measure(value)} ${value === 1 ? 'day' : 'days'}`
    case 'other':
      return `${count(value)} ${unit.name}`.trim()
  }
}

function money(value: number, currency: string): string {
  if (Math.abs(value) >= LARGE) return compactMoney(value, currency)
  if (Math.abs(value) < 1_000) return moneyOf(value, currency)
  return moneyOf(Math.round(value), currency).replace(/[.,]00(?=\D*$)/, '')
}

function compactMoney(value: number, currency: string): string {
  try {
    const options = { style: 'currency', currency, notation: 'compact' } as const
    return new Intl.NumberFormat('en', { ...options, maximumSignificantDigits: 3 }).format(value)
  } catch {
    return `${count(value)} ${currency}`
  }
}

/** All digits of a small whole number, three of any other. */
function count(value: number): string {
  if (Math.abs(value) >= LARGE) return countShort(value)
  return Number.isInteger(value) ? countExact(value) : measure(value)
}

/** In what it is counted: "euros" would be wrong for SEK, so a currency is its code. */
export function unitWords(unit: MetricUnit): string {
  switch (unit.is) {
    case 'money':
      return `money in ${unit.currency}`
    case 'other':
      return unit.name || 'a plain number'
    case 'share':
      return 'a share, in percent'
    default:
      return unit.is
  }
}

export function goodWords(good: MetricGood): string {
  switch (good.is) {
    case 'up':
      return 'More is better'
    case 'down':
      return 'Less is better'
    case 'neither':
      return 'Neither more nor less is better'
    case 'between':
      return `Good is from ${measure(good.low)} to ${measure(good.high)}`
  }
}

export type Verdict = 'better' | 'worse' | 'same' | 'neither'

/** Whether a number is better than an earlier one. It says nothing of chance. */
export function judged(good: MetricGood, before: number, now: number): Verdict {
  if (good.is === 'neither') return 'neither'
  const badness = (value: number) => {
    if (good.is === 'up') return -value
    if (good.is === 'down') return value
    return Math.max(good.low - value, value - good.high, 0)
  }
  const change = badness(now) - badness(before)
  if (change === 0) return 'same'
  return change < 0 ? 'better' : 'worse'
}

/** "12 % more", "1.4 points less", "as before". */
export function changed(unit: MetricUnit, before: number, now: number): string {
  if (now === before) return 'as before'
  const word = now > before ? 'more' : 'less'
  if (unit.is === 'percent' || unit.is === 'share') {
    const points = Math.abs(now - before) * (unit.is === 'share' ? 100 : 1)
    return `${measure(points)} points ${word}`
  }
  if (before <= 0) return word
  return `${percent(Math.abs(now / before - 1))} ${word}`
}

function percent(part: number): string {
  const value = part * 100
  if (value < 0.1) return 'under 0.1 %'
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} %`
}
