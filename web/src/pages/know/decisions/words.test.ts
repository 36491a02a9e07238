import { expect, test } from 'vitest'
import type { CustomerCard, Decision, DecisionPreview, IdentityLink } from '@/api/types'
import { askToMerge, askToPart, askToRestore, askToWithdraw, effectOf } from './ask'
import { evidenceOf, linkState, whyNotFollowed } from './links'
import { isStanding, linksOf, namesOf, told } from './told'

const card = (id: string, n_events: number): CustomerCard => ({
  id,
  name: null,
  identifiers: [{ kind: 'email', value: `${id}@example.org` }],
  n_events,
  n_orders: 0,
  first_seen: null,
  last_seen: null,
})

const preview = (before: number[], after: number[], n_conflicts = 0): DecisionPreview => ({
  before: before.map((n, i) => card(`c_${i}`, n)),
  after: after.map((n, i) => card(`c_${i}`, n)),
  conflicts: Array.from({ length: n_conflicts }, (_, i) => ({
    name: `t${i}`,
    customer_id: 'c_0',
    winner: 1,
    said: [],
  })),
  is_without_effect: false,
})

test.each([
  [preview([14, 230], [244], 3), '2 customers become one: 14 + 230 events, 3 conflicting traits.'],
  [preview([14, 230], [244]), '2 customers become one: 14 + 230 events.'],
  [preview([1, 2, 3, 4], [10]), '4 customers become one: 10 events.'],
  [preview([1_200], [1_000, 200]), '1 customer becomes two: 1,000 and 200 events.'],
  [preview([9], [4, 3, 2]), '1 customer becomes three: 4, 3 and 2 events.'],
  [preview([5, 5], [7, 3]), 'Identifiers move: 2 customers before and after.'],
])('the effect in a sentence', (shown, words) => {
  expect(effectOf(shown, 'nothing')).toBe(words)
})

test('where nobody moves, the reason stands in the place of the effect', () => {
  const shown = { ...preview([5], [5]), is_without_effect: true }
  expect(effectOf(shown, 'Nobody would move: …')).toBe('Nobody would move: …')
})

const link = (more: Partial<IdentityLink> = {}): IdentityLink => ({
  a: { kind: 'user_id', value: 'u-1' },
  b: { kind: 'anonymous_id', value: 'b-1' },
  rule: 'same_event',
  words: 'one event carried both',
  occurred_at: '2026-11-01T10:00:00Z',
  active: true,
  inert: null,
  why_inert: null,
  rules_version: 0,
  source: { id: 's_0001', name: 'Web shop' },
  message_id: 'm1',
  ...more,
})
const heldOff = link({
  active: false,
  inert: 'two_user_ids',
  why_inert: 'Not followed: by stronger or earlier evidence the two belong to others.',
})
// The sentence of the engine: crates/know/identity/src/ledger.rs.
const withdrawn = link({
  active: false,
  inert: 'withdrawn',
  why_inert:
    'Not followed: it was withdrawn by hand, as if it had never been, until somebody takes that back.',
})

test('a link is followed, held off or withdrawn, and says why', () => {
  expect([link(), heldOff, withdrawn].map(linkState)).toEqual([
    'followed',
    'not_followed',
    'withdrawn',
  ])
  expect(whyNotFollowed(link())).toBeNull()
  expect(whyNotFollowed(heldOff)).toBe('By stronger or earlier evidence the two belong to others.')
  expect(evidenceOf(link())).toBe('One event carried both')
  expect(evidenceOf(link({ rule: 'stated', source: null }))).toBe('Merged by hand')
})

test('what is asked names the link by its two ends and its rule, and nothing else', () => {
  const { a, b, rule } = link()
  expect(askToWithdraw(link()).wish).toEqual({ withdraw: [{ a, b, rule }] })
  expect(askToRestore(withdrawn).wish).toEqual({ restore: [{ a, b, rule }] })
  expect(askToPart({ kind: 'anonymous_id', value: 'b-1' }, 'Ann')).toMatchObject({
    wish: { part: [{ kind: 'anonymous_id', value: 'b-1' }] },
    act: 'Part b-1 from Ann',
  })
  expect(askToMerge(['c_1', 'c_2']).act).toBe('Merge these two')
  expect(askToMerge(['c_0', 'c_1']).done(preview([1, 2], [3]))).toBe(
    'c_0@example.org and c_1@example.org are one customer now',
  )
})

test('a link that is not followed holds nobody together', () => {
  expect(askToWithdraw(link()).unmoved).toContain('other links hold them together')
  expect(askToWithdraw(heldOff).unmoved).toContain('not followed now either')
})

test('long values keep their beginning and end, and no half of an emoji', () => {
  const { act } = askToPart(
    { kind: 'anonymous_id', value: '5f3c00001-9a41-4c1e-8f0e-77d0c1ab0001' },
    '🦊'.repeat(40),
  )
  expect(act).toBe(`Part 5f3c00001-9a41-4…c1ab0001 from ${'🦊'.repeat(16)}…${'🦊'.repeat(8)}`)
})

const decision = (id: string, more: Partial<Decision> = {}): Decision => ({
  id,
  at: '2026-11-01T10:00:00Z',
  by: 'ann@example.org',
  reason: '',
  kind: 'merge',
  n_changes: 1,
  links: [],
  customers: [],
  n_customers: 0,
  refusal: null,
  undoes: null,
  undone_by: null,
  ...more,
})

test('what was decided is told in words, what was taken back with what it took back', () => {
  const merge = decision('p_1')
  const back = decision('p_2', { kind: 'unmerge', undoes: 'p_1' })
  const again = decision('p_3', { kind: 'restore', undoes: 'p_2' })
  const all = [again, back, merge]
  expect(told(merge, all)).toBe('Merged 2 customers')
  expect(told(back, all)).toBe('Took back: merged 2 customers')
  expect(told(again, all)).toBe('Did again: merged 2 customers')
  expect(told(back, [back])).toBe('Took back an earlier decision')
  expect(told(decision('p_4', { kind: 'unmerge', n_changes: 3 }), [])).toBe('Withdrew 3 links')
  expect(told(decision('p_5', { kind: 'restore' }), [])).toBe('Restored 1 link')
})

test('whom a decision is about, and which links, is told by name', () => {
  const customer = (id: string, name: string | null) => ({ id, canonical_id: id, name })
  const customers = [customer('c_1', 'Ann'), customer('c_2', null)]
  expect(namesOf(decision('p_1', { customers, n_customers: 2 }))).toBe('Ann, c_2')
  const many = Array.from({ length: 6 }, (_, i) => customer(`c_${i}`, null))
  expect(namesOf(decision('p_1', { customers: many, n_customers: 9 }))).toBe(
    'c_0, c_1, c_2, c_3 and 5 others',
  )
  expect(namesOf(decision('p_1'))).toBeNull()
  const { a, b, rule } = link()
  const links = [
    { a, b, rule, counts: false },
    { a, b: null, rule, counts: false },
  ]
  expect(linksOf(decision('p_1', { links, n_changes: 7 }))).toEqual([
    'u-1 and b-1',
    'u-1 and somebody erased',
    'and 5 more links',
  ])
})

test('only what was carried out and stands can be taken back', () => {
  expect(isStanding(decision('p_1'))).toBe(true)
  expect(isStanding(decision('p_1', { undone_by: 'p_2' }))).toBe(false)
  expect(isStanding(decision('p_1', { refusal: 'no such link' }))).toBe(false)
})
