// How does a plain series of counts become a line of a chart?
import type { TrendValue } from '@/api/insightTypes'
import type { DrawnLine } from './trend/lines'

const counted = (n: number): TrendValue => ({
  value: n,
  n,
  low: null,
  high: null,
  not_estimable: null,
})

/** A line of whole numbers, with those of the period before. */
export function countLine(
  label: string,
  color: number,
  values: number[],
  before: number[] | null = null,
): DrawnLine {
  return {
    label,
    color,
    series: color,
    group: 0,
    points: values.map(counted),
    whole: counted(values.reduce((sum, value) => sum + value, 0)),
    before: before && before.map(counted),
    wholeBefore: null,
    counts: true,
    adds: false,
  }
}
