// How is an hour, a day, a week… of an answer called on an axis and in a sentence?
import type { Grain } from '@/api/insightTypes'

type Span = { begin: string; name: string }

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string, options: Intl.DateTimeFormatOptions, key: string) {
  const name = `${zone} ${key}`
  let found = formats.get(name)
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })
    formats.set(name, found)
  }
  return found
}

/** Short, for an axis: "9 Mar", "Mar 2026", "Q1 2026". */
export function spanShort(span: Span, grain: Grain, zone: string): string {
  const at = new Date(span.begin)
  switch (grain) {
    case 'hour':
      return format(
        zone,
        { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
        'hour',
      ).format(at)
    case 'day':
    case 'week':
      return format(zone, { day: 'numeric', month: 'short' }, 'day').format(at)
    case 'month':
      return format(zone, { month: 'short', year: 'numeric' }, 'month').format(at)
    case 'quarter':
    case 'year':
      return yearlyName(span.name)
  }
}

/** In full: "Monday 9 March 2026", "the week of 9 March 2026". */
export function spanLong(span: Span, grain: Grain, zone: string): string {
  const at = new Date(span.begin)
  switch (grain) {
    case 'hour':
      return format(
        zone,
        { weekday: 'short', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' },
        'hour long',
      ).format(at)
    case 'day':
      return format(
        zone,
        { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
        'day long',
      )
        .format(at)
        .replace(',', '')
    case 'week':
      return `the week of ${format(zone, { day: 'numeric', month: 'long', year: 'numeric' }, 'week long').format(at)}`
    case 'month':
      return format(zone, { month: 'long', year: 'numeric' }, 'month long').format(at)
    case 'quarter':
    case 'year':
      return yearlyName(span.name)
  }
}

/** In a sentence: "on Monday 9 March", "in March 2026". */
export function spanWhen(span: Span, grain: Grain, zone: string): string {
  if (grain === 'hour') return `at ${spanLong(span, grain, zone)}`
  if (grain !== 'day') return `in ${spanLong(span, grain, zone)}`
  const options = { weekday: 'long', day: 'numeric', month: 'long' } as const
  return `on ${format(zone, options, 'day said').format(new Date(span.begin)).replace(',', '')}`
}

/** `2026-Q1` → "Q1 2026". */
function yearlyName(name: string): string {
  const [year, quarter] = name.split('-')
  return quarter ? `${quarter} ${year}` : name
}
