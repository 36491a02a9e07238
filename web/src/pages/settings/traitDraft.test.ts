import { expect, test } from 'vitest'
import type { TraitSettings } from '@/api/types'
import { changeOf, draftOf, isChanged, movedUp, newKey } from './traitDraft'

const settings: TraitSettings = {
  version: 3,
  changed_at: null,
  changed_by: null,
  default_rule: 'latest',
  rules: { phone: 'most_trusted' },
  trusted_sources: [{ id: 's_0002', name: 'CRM' }],
  verified_sources: [],
  sensitive: [{ pattern: 'health_*', roles: ['sales'] }],
  rules_there_are: [],
  lists: null,
}

test('a draft that was not touched changes nothing', () => {
  expect(isChanged(draftOf(settings), settings)).toBe(false)
  expect(changeOf(draftOf(settings), settings.version)).toEqual({
    version: 3,
    default_rule: 'latest',
    rules: { phone: 'most_trusted' },
    trusted_sources: ['s_0002'],
    verified_sources: [],
    sensitive: [{ pattern: 'health_*', roles: ['sales'] }],
  })
})

test('rows without a name are left out, and blanks around names', () => {
  const draft = draftOf(settings)
  draft.rules.push({ key: newKey(), name: ' ', rule: 'longest' })
  draft.sensitive.push({ key: newKey(), pattern: '', roles: [] })
  expect(isChanged(draft, settings)).toBe(false)
  draft.rules.push({ key: newKey(), name: ' name ', rule: 'longest' })
  expect(changeOf(draft, 3).rules).toEqual({ phone: 'most_trusted', name: 'longest' })
  expect(isChanged(draft, settings)).toBe(true)
})

test('a source moves up one place, and the first stays', () => {
  expect(movedUp(['a', 'b', 'c'], 'c')).toEqual(['a', 'c', 'b'])
  expect(movedUp(['a', 'b'], 'a')).toEqual(['a', 'b'])
  expect(movedUp(['a'], 'x')).toEqual(['a'])
})
