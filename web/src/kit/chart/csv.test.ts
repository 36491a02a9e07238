// Does a spreadsheet get the numbers of the answer, and nothing that it would run?
import { describe, expect, it } from 'vitest'
import type { StoredAnswer, StoredQuestion, TrendValue } from '@/api/insightTypes'
import { csvOf } from './csv'

const value = (n: number | null): TrendValue => ({
  value: n,
  n: n ?? 0,
  low: null,
  high: null,
  not_estimable: n === null ? 'divided by 0' : null,
})

const question: StoredQuestion = {
  insight: 'trend',
  question: {
    clock: { time_zone: 'UTC', weeks_begin_on_sunday: false },
    period: { kind: 'last', n: 2, grain: 'day', current: true },
    compare: null,
    formula: null,
    grain: 'day',
    series: [{ events: { events: ['Order'], tests: [] }, measure: { is: 'events' } }],
    breakdown: { by: { of: 'property', path: 'note', view: 'whole' }, n_groups: 6 },
  },
}

const answerOf = (group: string): StoredAnswer => ({
  insight: 'trend',
  answer: {
    spans: [
      { begin: '2026-03-01T00:00:00Z', name: '2026-03-01', is_whole: true },
      { begin: '2026-03-02T00:00:00Z', name: '2026-03-02', is_whole: false },
    ],
    groups: [{ is: 'value', value: group }],
    lines: [{ series: 0, group: 0, unit: null, points: [value(3), value(null)], whole: value(3) }],
    compared: null,
    explained: {} as never,
  },
})

describe('an answer as CSV', () => {
  it('has one line for each number, and nothing where there is none', () => {
    expect(csvOf(question, answerOf('gift'))).toBe(
      [
        'day,begins_at,is_whole,line,value,low,high,n',
        '2026-03-01,2026-03-01T00:00:00Z,true,gift,3,,,3',
        '2026-03-02,2026-03-02T00:00:00Z,false,gift,,,,0',
        '',
      ].join('\r\n'),
    )
  })

  it('has groups and the period before in rows of their own', () => {
    const none = { value: null, n: 0, low: null, high: null, not_estimable: null }
    const span = (n_active: number) => ({
      ...{ begin: '2026-03-02T00:00:00Z', name: '2026-W10', is_whole: true, n_active },
      ...{ n_new: 1, n_returning: 2, n_resurrecting: 3, n_dormant: 4, kept: none },
    })
    const group = { is: 'value' as const, value: 'pro' }
    const lifecycle: StoredQuestion = {
      insight: 'lifecycle',
      question: { period: { kind: 'last', n: 1, grain: 'week', current: false }, grain: 'week' },
    }
    const answer: StoredAnswer = {
      insight: 'lifecycle',
      answer: {
        spans: [span(10)],
        groups: [{ group, spans: [span(6)] }],
        compared: { spans: [span(9)], groups: [{ group, spans: [span(5)] }] },
        explained: {} as never,
      },
    }
    const [, ...rows] = csvOf(lifecycle, answer).trim().split('\r\n')
    expect(rows.map((row) => row.split(',').filter((_, at) => [0, 1, 4].includes(at)))).toEqual([
      ['All', 'now', '10'],
      ['pro', 'now', '6'],
      ['All', 'before', '9'],
      ['pro', 'before', '5'],
    ])
  })

  it('quotes what needs it and keeps formulas texts', () => {
    expect(csvOf(question, answerOf('a "b", c'))).toContain(',"a ""b"", c",')
    expect(csvOf(question, answerOf('=1+1'))).toContain(",'=1+1,")
  })
})
