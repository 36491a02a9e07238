import { expect, test } from 'vitest'
import type { IdentityRules } from '@/api/types'
import { draftOf, isChanged, movedUp, newKind, rulesOf, whyNotYet } from './identityDraft'

const none = { ever: null, month: null, week: null, users_max: null, visitors_max: null }
const rules: IdentityRules = {
  version: 3,
  kinds: [
    { kind: 'user_id', rules: { ...none, trust: 'claimed' } },
    { kind: 'email', rules: { ...none, ever: 10, users_max: 5, trust: 'verified' } },
  ],
  others: { ...none, trust: 'claimed' },
  blocked: [
    { kind: null, value: 'null' },
    { kind: 'email', value: 'noreply@*' },
  ],
  blocked_zeros: true,
  country: 'DE',
}

test('a draft that was not touched changes nothing', () => {
  expect(isChanged(draftOf(rules), rules)).toBe(false)
  expect(rulesOf(draftOf(rules), 3)).toEqual(rules)
  expect(draftOf(rules).blocked).toBe('null\nemail: noreply@*')
})

test('an empty number is no bound, an empty country none', () => {
  const draft = draftOf(rules)
  draft.kinds[1] = { ...draft.kinds[1]!, ever: ' ', users: '7' }
  const after = rulesOf({ ...draft, country: ' ' }, 4)
  expect(after.kinds[1]!.rules).toEqual({ ...none, users_max: 7, trust: 'verified' })
  expect([after.country, after.version]).toEqual([null, 4])
  expect(rulesOf({ ...draft, country: 'ch' }, 4).country).toBe('CH')
})

test('a blocked value names its kind before a colon', () => {
  const blocked = ' Qa-* \n\nuser_id: 12\n[object object]\nhttp://x'
  const after = rulesOf({ ...draftOf(rules), blocked }, 4).blocked
  expect(after).toEqual([
    { kind: null, value: 'Qa-*' },
    { kind: 'user_id', value: '12' },
    { kind: null, value: '[object object]' },
    { kind: null, value: 'http://x' },
  ])
})

test('what cannot be saved is said', () => {
  const draft = draftOf(rules)
  expect(whyNotYet(draft)).toBeNull()
  const kinds = (week: string) => [draft.kinds[0]!, { ...draft.kinds[1]!, week }]
  expect(whyNotYet({ ...draft, kinds: kinds('0') })).toMatch(/whole number/)
  expect(whyNotYet({ ...draft, kinds: kinds('1.5') })).toMatch(/whole number/)
  const twice = { ...draft, kinds: [...draft.kinds, { ...newKind(), kind: 'email' }] }
  expect(whyNotYet(twice)).toBe('email stands twice in the list of kinds.')
})

test('a kind moves up one place, and the first stays', () => {
  const { kinds } = draftOf(rules)
  const names = (key: number) => movedUp(kinds, key).map((row) => row.kind)
  expect(names(kinds[1]!.key)).toEqual(['email', 'user_id'])
  expect(names(kinds[0]!.key)).toEqual(['user_id', 'email'])
})
