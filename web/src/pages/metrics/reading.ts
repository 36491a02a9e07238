// What does a metric come to now, and what did it before?
import type { TrendValue } from '@/api/insightTypes'
import type { MetricAnswer } from '@/api/metricTypes'

export interface Reading {
  /** Null where there is no number; then `absent` says why. */
  now: number | null
  absent: string | null
  before: number | null
  /** Span by span, for a small picture. */
  points: number[]
  /** What the numbers are of: "whole" for a period, "last" for the last span of it. */
  of: 'whole' | 'last'
}

/**
 * Where it was compared with the period before: the whole of both. Habits and those who come back
 * are not: then it is the last whole span beside the one before.
 */
export function readingOf({ answer }: Pick<MetricAnswer, 'answer'>): Reading {
  const line = answer.lines[0]
  const points = (line?.points ?? []).map(({ value }) => value ?? 0)
  if (answer.compared) {
    const before = answer.compared.lines[0]?.whole
    return { ...numbers(line?.whole, before), points, of: 'whole' }
  }
  const whole = (line?.points ?? []).filter((_, at) => answer.spans[at]?.is_whole)
  return { ...numbers(whole.at(-1), whole.at(-2)), points, of: 'last' }
}

const numbers = (now: TrendValue | undefined, before: TrendValue | undefined) => ({
  now: now?.value ?? null,
  absent: now?.not_estimable ?? null,
  before: before?.value ?? null,
})
