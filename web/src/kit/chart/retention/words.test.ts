// Are all cohorts of a group taken together as their numbers say?
import { describe, expect, it } from 'vitest'
import type { RetentionCell, RetentionOfGroup } from '@/api/insightTypes'
import { nBegun, pooledWorth } from './words'

const none = { value: null, n: 0, low: null, high: null, not_estimable: null }

const cell = (sum: number, is_over = true): RetentionCell => ({
  n: 1,
  is_over,
  of_cohort: none,
  worth: { sum, per_customer: none, of_first: null },
})

const cohort = (n: number, cells: (RetentionCell | null)[]) => ({
  ...{ n, cells, begin: '2026-10-05T00:00:00Z', name: '2026-10-05', is_whole: true },
})

const group: RetentionOfGroup = {
  group: { is: 'all' },
  pooled: [],
  cohorts: [
    cohort(10, [cell(100), cell(30)]),
    cohort(30, [cell(500), cell(50)]),
    cohort(5, [cell(40), cell(7, false)]),
    cohort(0, [cell(0), cell(0)]),
  ],
}

describe('cohorts together', () => {
  it('count all who began', () => {
    expect(nBegun(group)).toBe(45)
  })

  it('are worth what those for which a column is over are worth per customer', () => {
    expect(pooledWorth(group, 1)).toEqual({ per_customer: 80 / 40, of_first: 80 / 600 })
    expect(pooledWorth(group, 2)).toBeNull()
  })
})
