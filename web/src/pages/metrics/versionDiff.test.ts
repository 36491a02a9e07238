// Is it told what a new version changed, and nothing else?
import { expect, it } from 'vitest'
import type { MetricVersion } from '@/api/metricTypes'
import { differences } from './versionDiff'

const version: Pick<MetricVersion, 'unit' | 'words' | 'definition'> = {
  unit: { is: 'events' },
  words: 'number of Order Completed',
  definition: { is: 'trend', series: [], formula: null },
}

it('tells words, formula and unit apart', () => {
  expect(differences(version, version)).toEqual([])
  const now = {
    ...version,
    unit: { is: 'percent' } as const,
    words: 'A / B * 100',
    definition: { is: 'trend' as const, series: [], formula: 'A / B * 100' },
  }
  expect(differences(version, now)).toEqual([
    { what: 'Measured', before: 'number of Order Completed', now: 'A / B * 100' },
    { what: 'Formula', before: 'none', now: 'A / B * 100' },
    { what: 'Counted in', before: 'events', now: 'percent' },
  ])
})
