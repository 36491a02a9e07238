import { expect, test } from 'vitest'
import type { Erasure } from '@/api/privacyTypes'
import { erasureProgress, erasureSentence } from './erasureWords'

const erasure = (more: Partial<Erasure>): Erasure => ({
  id: 'p_0960',
  customer_id: 'c_0011',
  state: 'erasing',
  ordered_at: '2026-11-22T06:00:00Z',
  ordered_by: 'ann@example.com',
  reason: 'request',
  request_id: null,
  carried_out_at: null,
  finished_at: null,
  steps: [],
  trouble: null,
  n_identifiers: 4,
  tombstones: { n: 4, n_lifted: 0, lifted_at: null, lifted_by: null },
  certificate_digest: null,
  ...more,
})

test('what is said follows what has happened', () => {
  expect(erasureSentence(erasure({}))).toMatch(/about to be erased/)
  const unseen = erasure({ carried_out_at: '2026-11-22T06:00:01Z' })
  expect(erasureSentence(unseen)).toMatch(/^Nobody sees customer c_0011 any more/)
  expect(erasureSentence(erasure({ state: 'failed' }))).toMatch(/tried again by itself/)
  expect(erasureSentence(erasure({ state: 'done' }))).toMatch(/is erased/)
})

test('progress counts each step the same and never exceeds the whole', () => {
  const step = (state: 'waiting' | 'running' | 'done', n_done: number, n_total: number) => ({
    name: state,
    words: state,
    state,
    n_done,
    n_total,
  })
  const steps = [step('done', 3, 3), step('running', 5, 10), step('waiting', 0, 0)]
  expect(erasureProgress(erasure({ steps }))).toBe(0.5)
  expect(erasureProgress(erasure({ steps: [step('running', 12, 10)] }))).toBe(1)
  expect(erasureProgress(erasure({}))).toBe(0)
  expect(erasureProgress(erasure({ state: 'done' }))).toBe(1)
})
