// Which stretches of time does one usually ask about, and how are they said?
import type { Comparison, Grain, Period } from '@/api/insightTypes'

type Last = Extract<Period, { kind: 'last' }>

const last = (n: number, grain: Grain, current = false): Last => ({
  kind: 'last',
  n,
  grain,
  current,
})

export const THIRTY_DAYS = last(30, 'day', true)

interface Preset {
  label: string
  period: Last
}

export const presets: Preset[] = [
  { label: 'last 7 days', period: last(7, 'day', true) },
  { label: 'last 30 days', period: THIRTY_DAYS },
  { label: 'last 90 days', period: last(90, 'day', true) },
  { label: 'this month so far', period: last(1, 'month', true) },
  { label: 'last month', period: last(1, 'month') },
  { label: 'this quarter so far', period: last(1, 'quarter', true) },
  { label: 'last quarter', period: last(1, 'quarter') },
  { label: 'last 12 weeks', period: last(12, 'week') },
  { label: 'last 12 months', period: last(12, 'month') },
  { label: 'this year so far', period: last(1, 'year', true) },
]

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

/** "last quarter", "1 Jan 2026 to 31 Mar 2026". */
export function periodWords(period: Period): string {
  if (period.kind === 'between') return `${dayWords(period.first)} to ${dayWords(period.last)}`
  const preset = presets.find(({ period: known }) => isSame(known, period))
  if (preset) return preset.label
  const { n, grain, current } = period
  if (n === 1) return current ? `this ${grain} so far` : `last ${grain}`
  return `last ${n} ${grain}s${current && grain !== 'day' ? ' with the current one' : ''}`
}

function dayWords(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(at.getTime()) ? day : dayFormat.format(at)
}

export function isSame(a: Period, b: Period): boolean {
  if (a.kind === 'between') return b.kind === 'between' && a.first === b.first && a.last === b.last
  return (
    b.kind === 'last' &&
    a.n === b.n &&
    a.grain === b.grain &&
    Boolean(a.current) === Boolean(b.current)
  )
}

/** "against the quarter before". */
export function compareWords(compare: Comparison | null | undefined, period: Period): string {
  if (compare === 'previous') return `against ${earlier(period)}`
  if (compare === 'year_before') return 'against a year before'
  return 'compared with nothing'
}

/** "the quarter before", "the 30 days before". */
export function earlier(period: Period): string {
  if (period.kind === 'between') return 'as many days before'
  if (period.n === 1) return `the ${period.grain} before`
  return `the ${period.n} ${period.grain}s before`
}

const daysIn: Record<Grain, number> = {
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 30,
  quarter: 91,
  year: 365,
}

export function days(period: Period): number {
  if (period.kind === 'last') return period.n * daysIn[period.grain]
  const length = Date.parse(period.last) - Date.parse(period.first)
  return Number.isNaN(length) ? 30 : length / 86_400_000 + 1
}

/** By what a period is usually cut: 14 to 60 spans where that is possible. */
export function grainFor(period: Period): Grain {
  const n = days(period)
  if (n <= 2) return 'hour'
  if (n <= 62) return 'day'
  return n <= 200 ? 'week' : 'month'
}

/** Whether cutting a period so gives a chart: neither one point nor thousands. */
export function fits(grain: Grain, period: Period): boolean {
  const n = days(period) / daysIn[grain]
  return n >= 1 && n <= 800
}
