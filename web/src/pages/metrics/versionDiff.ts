// What is different between two versions of a metric?
import type { MetricVersion } from '@/api/metricTypes'
import { unitWords } from './words'

type Said = Pick<MetricVersion, 'unit' | 'words' | 'definition'>

export interface Difference {
  what: string
  before: string
  now: string
}

/** What was changed from one version to the next, in words. */
export function differences(before: Said, now: Said): Difference[] {
  const all: Difference[] = [
    { what: 'Measured', before: before.words, now: now.words },
    { what: 'Formula', before: formulaOf(before), now: formulaOf(now) },
    { what: 'Counted in', before: unitWords(before.unit), now: unitWords(now.unit) },
  ]
  return all.filter((one) => one.before !== one.now)
}

function formulaOf({ definition }: Said): string {
  return (definition.is === 'trend' && definition.formula) || 'none'
}
