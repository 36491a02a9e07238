// Does an address ask what was asked, also when somebody cut it off?
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { StoredQuestion } from '@/api/insightTypes'
import { insightNames, LONGEST, questionOf, searchOf } from './address'
import { startOf } from './starts'

const funnel: StoredQuestion = {
  insight: 'funnel',
  question: {
    clock: { time_zone: 'Europe/Berlin', weeks_begin_on_sunday: false },
    period: { kind: 'last', n: 1, grain: 'quarter', current: false },
    who: [{ trait: 'plan', op: 'is', values: ['pro'] }],
    compare: 'previous',
    steps: [
      { events: ['Product Viewed'], tests: [] },
      {
        events: ['Order Completed'],
        tests: [
          { field: { of: 'property', path: 'currency' }, view: 'whole', op: 'is', values: ['EUR'] },
        ],
      },
    ],
    within: 604_800,
    order: null,
    among: null,
    at: null,
    exclusions: [],
    held: [],
    breakdown: { by: { of: 'context', path: 'campaign.medium', view: 'whole' }, n_groups: 6 },
  },
}

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
})

describe('a question in the address', () => {
  it('comes back as it went in', () => {
    expect(questionOf(searchOf(funnel), 'UTC')).toEqual({ stored: funnel, trouble: null })
  })

  it('comes back for every insight, also when choices were taken back', () => {
    for (const insight of insightNames) {
      const stored = startOf(insight, 'Asia/Tokyo')
      expect(questionOf(searchOf(stored), 'UTC')).toEqual({ stored, trouble: null })
    }
    const visits = startOf('visits', 'UTC')
    const plain = { ...visits, question: { ...visits.question, by: null, grain: null } }
    expect(questionOf(searchOf(plain as StoredQuestion), 'UTC').stored).toEqual(plain)
  })

  it('keeps the look beside it', () => {
    expect(searchOf(funnel, { chart: 'table' }).look).toBe('table')
  })

  it('is the first question where the address has none', () => {
    expect(questionOf({}, 'Asia/Tokyo').stored).toEqual(startOf('trend', 'Asia/Tokyo'))
    expect(questionOf({ ask: 'funnel' }, 'UTC').stored.insight).toBe('funnel')
    expect(questionOf({ ask: 'no such insight' }, 'UTC').stored.insight).toBe('trend')
  })

  it('says so where it was cut off', () => {
    const { q = '' } = searchOf(funnel)
    expect(questionOf({ ask: 'funnel', q: q.slice(0, -9) }, 'UTC').trouble).toBe('unreadable')
    expect(questionOf({ ask: 'trend', q: '[1,2]' }, 'UTC').trouble).toBe('unreadable')
    expect(questionOf({ ask: 'trend', q: '{"period":{}}' }, 'UTC').trouble).toBe('unreadable')
  })

  it('stays in this tab where it is too long for a link', () => {
    const values = Array.from({ length: 900 }, (_, at) => `value number ${at}`)
    const test = { field: { of: 'property', path: 'x' }, view: 'whole', op: 'is', values } as const
    const steps = [
      { events: ['A'], tests: [{ ...test, values }] },
      { events: ['B'], tests: [] },
    ]
    const long: StoredQuestion = { insight: 'funnel', question: { ...funnel.question, steps } }
    const search = searchOf(long)
    expect(search.q).toBeUndefined()
    expect(JSON.stringify(search).length).toBeLessThan(LONGEST)
    expect(questionOf(search, 'UTC').stored).toEqual(long)
    vi.stubGlobal('sessionStorage', { getItem: () => null })
    expect(questionOf(search, 'UTC').trouble).toBe('elsewhere')
  })
})
