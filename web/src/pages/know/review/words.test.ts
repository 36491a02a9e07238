import { expect, test } from 'vitest'
import { foundWords, canUndo, undoEffect, workWords } from './runWords'
import { draftOf, isChanged, lackOf, newFieldRow, settingsOf } from './settingsDraft'
import { queryOf } from './reviewSearch'
import type { LinkageSettings, Run } from './wire'

const run = (part: Partial<Run> = {}): Run => ({
  ...{ id: 'r_0001', state: 'done', phase: null, progress: 1, started_by: 'ann@example.com' },
  ...{ started_at: '2026-11-01T10:00:00Z', finished_at: '2026-11-01T10:00:40Z' },
  ...{ n_records: 52_341, n_compared: 812_345, n_links: 120 },
  ...{ n_review: 37, n_held_apart: 0, n_withdrawn: 0, undone_at: null, undone_by: null },
  message: null,
  ...part,
})

test('a search says what it found, and how much it looked at', () => {
  expect(foundWords(run())).toBe('120 links made, 37 pairs put up for review.')
  expect(foundWords(run({ n_links: 0, n_review: 0 }))).toBe('Nobody was linked, no pair in doubt.')
  expect(foundWords(run({ state: 'interrupted' }))).toMatch(/Start another/)
  expect(workWords(run({ n_held_apart: 3 }))).toBe(
    '52,341 customers, 812,345 pairs compared; 3 sure enough, but held apart by something else',
  )
})

test('what can be undone says in numbers what that means', () => {
  expect(canUndo(run())).toBe(true)
  expect(canUndo(run({ undone_at: '2026-11-02T10:00:00Z' }))).toBe(false)
  expect(canUndo(run({ state: 'failed' }))).toBe(false)
  expect(canUndo(run({ n_links: 0, n_review: 0 }))).toBe(false)
  expect(undoEffect(run({ n_withdrawn: 119 }))).toMatch(/^1 link of this search is withdrawn/)
})

const settings: LinkageSettings = {
  ...{ is_automatic: true, link_at: 0.9, review_at: 0.3, records_max: 2_000_000, day_first: true },
  fields: [{ name: 'first name', kind: 'given_name', traits: ['firstName', 'first_name'] }],
}

test('a draft of the settings goes there and back, and says what it lacks', () => {
  const draft = draftOf(settings)
  expect(settingsOf(draft, settings)).toEqual(settings)
  expect(isChanged(draft, settings)).toBe(false)
  const more = { ...draft, fields: [...draft.fields, newFieldRow()] }
  expect(isChanged(more, settings)).toBe(false)
  expect(lackOf(newFieldRow())).toBeNull()
  expect(lackOf({ ...newFieldRow(), name: 'town' })).toBe('At least one trait is needed')
  expect(lackOf({ ...newFieldRow(), traits: 'a, b' })).toBe('A name is missing')
  const town = {
    ...newFieldRow(),
    name: ' town ',
    kind: 'town' as const,
    traits: 'city,, address.city ',
  }
  expect(settingsOf({ ...draft, fields: [town] }, settings).fields).toEqual([
    { name: 'town', kind: 'town' as const, traits: ['city', 'address.city'] },
  ])
})

test('an address that says nothing, or nonsense, means open pairs, doubtful ones first', () => {
  const usual = { state: 'open', order: 'doubtful', run: undefined, first: undefined }
  expect(queryOf({})).toEqual(usual)
  expect(queryOf({ state: 'x', order: 'toString' })).toEqual(usual)
  expect(queryOf({ state: 'skipped', order: 'likely', pair: 'k_1' })).toEqual({
    ...{ state: 'skipped', order: 'likely', run: undefined, first: 'k_1' },
  })
})
