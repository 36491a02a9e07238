// When does an alert fire, and what became of telling it? In words.
import type { Alert, AlertGrain, AlertSensitivity, Firing } from '@/api/alertTypes'
import type { MetricUnit } from '@/api/metricTypes'
import { figure } from '../words'

export const grains: { value: AlertGrain; label: string }[] = [
  { value: 'hour', label: 'Every hour' },
  { value: 'day', label: 'Every day' },
  { value: 'week', label: 'Every week' },
]

/** Of a thousand usual numbers so many are told as well: what each choice costs. */
export const sensitivities: { value: AlertSensitivity; label: string }[] = [
  { value: 'low', label: 'Seldom: 1 in 1,000' },
  { value: 'normal', label: 'Normally: 5 in 1,000' },
  { value: 'high', label: 'Readily: 20 in 1,000' },
]

const chance: Record<AlertSensitivity, string> = {
  low: 'about 1 in 1,000 usual numbers is told as well',
  normal: 'about 5 in 1,000 usual numbers are told as well',
  high: 'about 20 in 1,000 usual numbers are told as well',
}

/** "Above €20,000, looked at every day". */
export function whenWords(
  { when, grain }: Pick<Alert, 'when' | 'grain'>,
  unit: MetricUnit,
): string {
  const looked = `looked at every ${grain}`
  if (when.kind === 'unusual') return `Unusual for its time, ${looked}`
  return `${when.op === 'above' ? 'Above' : 'Below'} ${figure(unit, when.value)}, ${looked}`
}

/** What an alert costs in false alarms; null where it has a limit, not a method. */
export function chanceWords({ when }: Pick<Alert, 'when'>): string | null {
  return when.kind === 'unusual' ? chance[when.sensitivity] : null
}

/** How far a firing is on its way to somebody's server; null where there is none. */
export function deliveryWords({ delivery }: Pick<Firing, 'delivery'>): string | null {
  if (!delivery) return null
  const { delivered_at, next_at, attempts } = delivery
  const tries = attempts.length === 1 ? 'one try' : `${attempts.length} tries`
  if (delivered_at) return attempts.length > 1 ? `Server told after ${tries}` : 'Server told'
  const last = attempts.at(-1)?.message
  if (next_at)
    return last ? `Server not told yet (${last}); it is tried again` : 'On its way to the server'
  return `Server not told after ${tries}: ${last ?? 'no answer'}`
}
