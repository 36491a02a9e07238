// Is each part of a condition said so that it cannot be read two ways?
import { describe, expect, it } from 'vitest'
import type { FactOp, NumberTest, Quantity, Window } from '@/api/definitionTypes'
import { about, fromTo, partsOf, written } from './lengths'
import { eventNamed, fact } from './starts'
import { factTestWords, numberWords, shareWords, verbWords, windowWords } from './words'

const last = (n: number, grain: 'month' | 'week', current: boolean): Window => ({
  is: 'period',
  period: { kind: 'last', n, grain, current },
})

describe('lengths of time', () => {
  it('are read and written', () => {
    expect(partsOf('30 days')).toEqual({ n: 30, unit: 'day' })
    expect(partsOf('1 Hour')).toEqual({ n: 1, unit: 'hour' })
    expect(partsOf('soon')).toBeNull()
    expect(written({ n: 1, unit: 'hour' })).toBe('1 hour')
    expect(fromTo('180 days', '30 days')).toBe('from 180 to 30 days ago')
    expect(fromTo('6 months', '30 days')).toBe('from 6 months to 30 days ago')
    expect(about('2 weeks')).toBeLessThan(about('1 month'))
  })
})

describe('windows', () => {
  it.each<[Window, string]>([
    [{ is: 'ever' }, 'at any time'],
    [{ is: 'last', length: '30 days' }, 'in the last 30 days'],
    [{ is: 'longer_ago', length: '14 days' }, 'longer than 14 days ago'],
    [{ is: 'ago', from: '90 days', to: '30 days' }, 'from 90 to 30 days ago'],
    [last(3, 'month', false), 'in the last 3 whole months'],
    [last(3, 'week', true), 'in the last 3 weeks with this one'],
    [last(1, 'month', true), 'this month so far'],
    [last(1, 'month', false), 'in the last whole month'],
    [
      { is: 'since', which: 'first', events: eventNamed('Signed Up') },
      'since their first Signed Up',
    ],
  ])('%j', (window, words) => expect(windowWords(window)).toBe(words))
})

describe('how many', () => {
  const times: Quantity = { is: 'times' }
  const revenue: Quantity = { is: 'sum', of: { of: 'property', path: 'revenue' } }
  it.each<[Quantity, NumberTest, string]>([
    [times, { op: 'at_least', value: 1 }, 'at least once'],
    [times, { op: 'equal', value: 1 }, 'exactly once'],
    [times, { op: 'less', value: 3 }, 'fewer than 3 times'],
    [times, { op: 'more', value: 1 }, 'more than 1 time'],
    [times, { op: 'between', low: 2, high: 5 }, '2 to 5 times'],
    [{ is: 'days' }, { op: 'at_least', value: 2 }, 'on at least 2 days'],
    [{ is: 'days_since_last' }, { op: 'more', value: 14 }, 'more than 14 days ago'],
    [revenue, { op: 'more', value: 1_234.5 }, 'of more than 1,234.5'],
  ])('%j %j', (measure, number, words) => expect(numberWords(measure, number)).toBe(words))

  it('names what is counted', () => {
    expect(verbWords(revenue)).toBe('have a sum of revenue')
    expect(verbWords({ is: 'days_since_first' })).toBe('first had')
  })
})

describe('what is known', () => {
  const trait = (op: FactOp) => factTestWords(fact({ of: 'trait', name: 'trial_ends' }, op))
  it.each<[FactOp, string]>([
    [{ op: 'is', values: ['a', 'b'] }, 'trial ends is a or b'],
    [{ op: 'missing' }, 'trial ends is not known'],
    [{ op: 'ends_with', text: '.de' }, 'trial ends ends with “.de”'],
    [{ op: 'in_next', length: '7 days' }, 'trial ends is in the next 7 days'],
    [{ op: 'more_than_ago', length: '2 weeks' }, 'trial ends is more than 2 weeks ago'],
    [{ op: 'yearly_in_next', days: 0 }, 'trial ends has its day today, whatever the year'],
    [{ op: 'version', than: 'at_least', version: '1.4.0' }, 'trial ends is version 1.4.0 or newer'],
    [
      { op: 'version', than: 'less', version: '1.4.0' },
      'trial ends is version 1.4.0 or older, itself left out',
    ],
  ])('%j', (op, words) => expect(trait(op)).toBe(words))

  it('calls countries by their names', () => {
    const where = fact({ of: 'own', name: 'country' }, { op: 'is', values: ['DE', 'FR'] })
    expect(factTestWords(where)).toBe('country is Germany or France')
  })

  it('says a share in percent', () => {
    expect(shareWords({ from: 0, to: 0.1 })).toBe('10 %')
    expect(shareWords({ from: 0.1, to: 0.25 })).toBe('10 % to 25 %')
  })
})
