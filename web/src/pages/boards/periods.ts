// Over which time is a whole board asked, if not over what each card says?
import type { CardAsk } from '@/api/boardTypes'
import type { Grain, Period } from '@/api/insightTypes'

/** The stretches that are offered; anything else is chosen by its two days. */
export const offered: { value: string; label: string }[] = [
  { value: 'last-7-day', label: 'Last 7 days' },
  { value: 'last-30-day', label: 'Last 30 days' },
  { value: 'last-90-day', label: 'Last 90 days' },
  { value: 'last-12-week', label: 'Last 12 weeks' },
  { value: 'last-12-month', label: 'Last 12 months' },
]

const days: Record<Grain, number> = {
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 30,
  quarter: 91,
  year: 365,
}
const N_MAX = 1000
const DAY_MS = 86_400_000

/** What the address says, where it says a period: `last-30-day`, `2026-01-01_2026-03-31`. */
export function periodOf(text: string | undefined): Period | null {
  const last = /^last-(\d{1,4})-([a-z]+)$/.exec(text ?? '')
  if (last) {
    const n = Number(last[1])
    const grain = (Object.keys(days) as Grain[]).find((word) => word === last[2])
    return grain && n > 0 && n <= N_MAX ? { kind: 'last', n, grain, current: true } : null
  }
  const between = /^(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)$/.exec(text ?? '')
  if (!between) return null
  const [, first, until] = between as unknown as [string, string, string]
  return isDay(first) && isDay(until) && first <= until
    ? { kind: 'between', first, last: until }
    : null
}

export const betweenText = (first: string, last: string) => `${first}_${last}`

/** "last 30 days", "last 30 whole days", "2026-01-01 to 2026-03-31". */
export function periodWords(period: Period): string {
  if (period.kind === 'between') return `${period.first} to ${period.last}`
  const { n, grain, current } = period
  if (n === 1) return current ? `this ${grain}` : `last whole ${grain}`
  return `last ${n} ${current ? '' : 'whole '}${grain}s`
}

/** The steps in which a stretch is cut so that a chart of it can be read. */
export function grainFor(period: Period): Grain {
  const length = lengthDays(period)
  if (length <= 2) return 'hour'
  if (length <= 92) return 'day'
  return length <= 200 ? 'week' : 'month'
}

/** The same question over another time; null leaves it as it is. */
export function askedOver(ask: CardAsk, period: Period | null): CardAsk {
  if (!period) return ask
  if ('metric' in ask) return { ...ask, period, grain: grainFor(period) }
  if (ask.insight === 'trend') {
    return { ...ask, question: { ...ask.question, period, grain: grainFor(period) } }
  }
  if (ask.insight === 'visits' && ask.question.grain) {
    return { ...ask, question: { ...ask.question, period, grain: grainFor(period) } }
  }
  return { ...ask, question: { ...ask.question, period } } as CardAsk
}

function lengthDays(period: Period): number {
  if (period.kind === 'last') return period.n * days[period.grain]
  return (Date.parse(period.last) - Date.parse(period.first)) / DAY_MS + 1
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
