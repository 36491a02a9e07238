// Are numbers, lengths of time, conditions and funnels said as a person would?
import { describe, expect, it } from 'vitest'
import type { FunnelAnswer, FunnelQuestion, FunnelStep } from '@/api/insightTypes'
import { funnelSummary } from './funnel/words'
import { lengthWords } from './lengthWords'
import { frequencyWords } from './rfm/RfmGrid'
import { changeWords, percent, selectionWords } from './words'

describe('words', () => {
  it('say a condition', () => {
    const field = { of: 'property', path: 'payment_method' } as const
    expect(
      selectionWords({
        events: ['Order Completed', 'Order Refunded'],
        tests: [
          { field, view: 'whole', op: 'is', values: ['paypal', 'card'] },
          { field: { of: 'property', path: 'total' }, view: 'whole', op: 'at_least', value: 50 },
        ],
      }),
    ).toBe(
      'Order Completed or Order Refunded where payment method is paypal or card and total ≥ 50',
    )
    expect(selectionWords({ events: [], tests: [] })).toBe('any event')
  })

  it('say how often, and leave out scores that nobody can have', () => {
    const said = (edges: number[]) =>
      Array.from({ length: edges.length + 1 }, (_, at) => frequencyWords(edges, at + 1))
    expect(said([1, 1, 1, 3])).toEqual(['once', null, null, '2 to 3 times', '4 times and more'])
    expect(said([1.4, 2.2])).toEqual(['once', '2 times', '3 times and more'])
  })

  it('say lengths, shares and changes', () => {
    expect([45, 540, 3_600, 47_000, 604_800].map(lengthWords)).toEqual([
      '45 s',
      '9 min',
      '1 hour',
      '13 hours',
      '7 days',
    ])
    expect([0, 0.0004, 0.045, 0.2, 1].map(percent)).toEqual([
      '0 %',
      'under 0.1 %',
      '4.5 %',
      '20 %',
      '100 %',
    ])
    expect(changeWords(112, 100)).toBe('12 % more than')
    expect(changeWords(100, 100)).toBe('as many as')
    expect(changeWords(3, 0)).toBe('more than')
  })
})

const step = (n: number, of: number, off = 0): FunnelStep => ({
  n,
  n_dropped: of - n,
  of_first: { value: n / of, n: of, low: n / of - off, high: n / of + off, not_estimable: null },
  of_previous: { value: n / of, n: of, low: null, high: null, not_estimable: null },
  took: null,
})

const answer = (groups: [string, number, number][]): FunnelAnswer => ({
  all: { group: { is: 'all' }, steps: [step(100, 100), step(20, 100, 0.04)], took: null },
  compared: null,
  compared_groups: [],
  groups: groups.map(([value, n, off]) => ({
    group: { is: 'value', value },
    steps: [step(100, 100), step(n, 100, off)],
    took: null,
  })),
  explained: {} as never,
})

const question = { steps: [], within: 3_600 } as unknown as FunnelQuestion

describe('a funnel in a sentence', () => {
  it('names the best group only where chance does not explain it', () => {
    const said = (...groups: [string, number, number][]) => funnelSummary(question, answer(groups))
    expect(said()).toBe('20 of 100 customers (20 %) went all the way.')
    const cpc: [string, number, number] = ['cpc', 40, 0.05]
    const email: [string, number, number] = ['email', 10, 0.05]
    expect(said(cpc, email)).toMatch(/\. Cpc \(40 %\) does best, email \(10 %\) worst\.$/)
    expect(said(['cpc', 22, 0.05], ['email', 18, 0.05])).toMatch(/cannot be told apart/)
    // Of three, one is surely above one, and the third may be as good as either.
    expect(said(cpc, ['direct', 37, 0.05], email)).toMatch(/\. Email \(10 %\) does worst\.$/)
    expect(said(cpc, ['direct', 12, 0.05], email)).toMatch(/\. Cpc \(40 %\) does best\.$/)
    expect(said(cpc, ['direct', 25, 0.2], email)).toMatch(
      /\. Cpc \(40 %\) does better than email \(10 %\)\.$/,
    )
  })

  it('says with what it compares', () => {
    const compared = { ...answer([]), compared: answer([]).all }
    const said = (compare: 'previous' | 'year_before') =>
      funnelSummary({ ...question, compare }, compared)
    expect(said('previous')).toMatch(/In the period before it was 20 of 100/)
    expect(said('year_before')).toMatch(/In the year before it was 20 of 100/)
  })
})
