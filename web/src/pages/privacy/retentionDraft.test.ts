import { expect, test } from 'vitest'
import { draftsOf, flawOf, periodWords, ruleWords, rulesOf, sameRules } from './retentionDraft'

const rules = [
  { kind: 'page' as const, name: null, days: 90 },
  { kind: null, name: 'Product Viewed', days: 365 },
]

test('rules come back as they went', () => {
  expect(rulesOf(draftsOf(rules))).toEqual(rules)
  expect(sameRules(rules, [...rules].reverse())).toBe(true)
  expect(sameRules(rules, rules.slice(1))).toBe(false)
})

test('what is no rule yet says why', () => {
  const [page, named] = draftsOf(rules) as [never, never]
  const flaw = (change: object) =>
    flawOf({ ...(named as object), ...change } as never, [page, named])
  expect(flaw({})).toBeNull()
  expect(flaw({ name: '  ' })).toBe('Say which event')
  expect(flaw({ days: '' })).toBe('Between 1 and 36,500 days')
  expect(flaw({ days: 0.5 })).toBe('Between 1 and 36,500 days')
  expect(flaw({ of: 'page' })).toBe('There is a rule for this already')
  expect(rulesOf([page, { ...(named as object), days: 0 } as never])).toBeNull()
})

test('rules are told in words', () => {
  expect(rules.map(ruleWords)).toEqual(['Page views: 90 days', '“Product Viewed”: 1 year'])
  expect([1, 730, 400].map(periodWords)).toEqual(['1 day', '2 years', '400 days'])
})
