// What is kept when one goes from one insight to another, and what is still missing?
import { describe, expect, it } from 'vitest'
import type { GroupBy, Insight } from '@/api/insightTypes'
import { insightNames } from './address'
import { fits, grainFor, periodWords, presets } from './periods'
import { missing, startOf, turnedInto } from './starts'

const quarter = { kind: 'last', n: 1, grain: 'quarter', current: false } as const

describe('from one insight to another', () => {
  it('a funnel turns into customers who did each step, over the same time', () => {
    const start = startOf('funnel', 'UTC')
    if (start.insight !== 'funnel') throw new Error('a funnel begins as one')
    const steps = ['Product Viewed', 'Order Completed'].map((name) => ({
      events: [name],
      tests: [],
    }))
    const question = { ...start.question, steps, period: quarter, compare: 'previous' as const }
    const turned = turnedInto('trend', { insight: 'funnel', question })
    expect(turned.question).toMatchObject({
      period: quarter,
      compare: 'previous',
      grain: 'week',
      series: steps.map((events) => ({ events, measure: { is: 'customers' } })),
    })
    const back = turnedInto('funnel', turned)
    expect(back.question).toMatchObject({ steps, period: quarter, compare: 'previous' })
  })

  it('groups go along as far as the other can be asked by them, conditions on customers always', () => {
    const start = startOf('trend', 'UTC')
    if (start.insight !== 'trend') throw new Error('a trend begins as one')
    const who = [{ trait: 'plan', op: 'is' as const, values: ['pro'] }]
    const groupsOf = (by: GroupBy) => {
      const question = { ...start.question, who, breakdown: { by, n_groups: 6 } }
      return insightNames.filter((insight) => {
        const turned = turnedInto(insight, { insight: 'trend', question })
        expect(turned.question.who).toEqual(who)
        return 'breakdown' in turned.question && turned.question.breakdown
      })
    }
    const some: Insight[] = ['trend', 'funnel', 'retention', 'lifecycle', 'stickiness']
    expect(groupsOf({ of: 'channel' })).toEqual(['trend', 'funnel'])
    expect(groupsOf({ of: 'property', path: 'currency' })).toEqual(some)
    expect(groupsOf({ of: 'trait', name: 'plan' })).toEqual([...some, 'rfm'])
  })

  it('every insight can be reached from every other, and keeps the time zone', () => {
    for (const from of insightNames) {
      for (const to of insightNames) {
        const turned = turnedInto(to, startOf(from, 'Asia/Tokyo'))
        expect(turned.insight).toBe(to)
        expect(turned.question.clock?.time_zone).toBe('Asia/Tokyo')
      }
    }
  })

  it('a funnel of one step is not asked yet', () => {
    const start = startOf('funnel', 'UTC')
    expect(missing(start)).toMatch(/first/)
    expect(missing(startOf('trend', 'UTC'))).toBeNull()
  })
})

describe('periods', () => {
  it('are cut into a number of spans that can be looked at', () => {
    for (const { period } of presets) expect(fits(grainFor(period), period)).toBe(true)
    expect(fits('hour', presets.find(({ label }) => label === 'last 12 months')!.period)).toBe(
      false,
    )
  })

  it('are said as one would', () => {
    expect(periodWords(quarter)).toBe('last quarter')
    expect(periodWords({ kind: 'last', n: 3, grain: 'week', current: false })).toBe('last 3 weeks')
    expect(periodWords({ kind: 'between', first: '2026-01-01', last: '2026-03-31' })).toBe(
      '1 Jan 2026 to 31 Mar 2026',
    )
  })
})
