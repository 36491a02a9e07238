import { expect, test } from 'vitest'
import type { Import } from '@/api/types'
import { leftOf, progressOf } from './importWords'

const started = '2026-11-21T10:00:00Z'
const running = (more: Partial<Import>): Import => ({
  id: 'im_1',
  file_name: 'a.csv',
  mapping_name: 'a',
  state: 'running',
  n_rows_total: 1000,
  n_rows_done: 250,
  resume_row: 250,
  n_events: 250,
  n_duplicates: 0,
  n_rejected: 0,
  started_at: started,
  finished_at: null,
  message: null,
  bytes_total: 100,
  bytes_done: 50,
  upload_id: null,
  runs_here: false,
  ...more,
})
const after = (seconds: number) => new Date(Date.parse(started) + seconds * 1000)

test('rows count before bytes, and nothing known is not nought', () => {
  expect(progressOf(running({}))).toBe(0.25)
  expect(progressOf(running({ n_rows_total: null }))).toBe(0.5)
  expect(progressOf(running({ n_rows_total: null, bytes_total: 0 }))).toBeNull()
})

test('what is left is estimated only when there is a speed', () => {
  expect(leftOf(running({}), after(60))).toBe('about 3 min left')
  expect(leftOf(running({ n_rows_done: 0 }), after(60))).toBeNull()
  expect(leftOf(running({}), after(1))).toBeNull()
  expect(leftOf(running({ state: 'done' }), after(60))).toBeNull()
})
