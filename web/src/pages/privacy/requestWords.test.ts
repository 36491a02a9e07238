import { expect, test } from 'vitest'
import type { PrivacyRequest } from '@/api/privacyTypes'
import { dueWords, isClosed, whoAsks } from './requestWords'

const request = (more: Partial<PrivacyRequest>): PrivacyRequest => ({
  id: 'r_0001',
  kind: 'access',
  status: 'open',
  customer_id: 'c_0011',
  customer_name: 'Ann Miller',
  contact: 'ann@example.com',
  note: '',
  received_at: '2026-11-01T00:00:00Z',
  due_at: '2026-12-01T00:00:00Z',
  is_extended: false,
  extension_reason: '',
  is_overdue: false,
  days_left: 12,
  handled_by: null,
  created_by: 'bo@example.com',
  created_at: '2026-11-01T00:00:00Z',
  closed_at: null,
  outcome: '',
  erasure_id: null,
  ...more,
})

test.each([
  [12, false, 'quiet', '12 days left'],
  [7, false, 'warn', '7 days left'],
  [1, false, 'warn', '1 day left'],
  [0, false, 'warn', 'due today'],
  [0, true, 'bad', 'overdue'],
  [-1, true, 'bad', '1 day overdue'],
  [null, false, 'quiet', 'closed'],
])('%s days left, overdue %s', (days_left, is_overdue, tone, words) => {
  expect(dueWords(request({ days_left, is_overdue }))).toEqual({ tone, words })
})

test('who asks is said as far as it is known', () => {
  expect(whoAsks(request({}))).toBe('Ann Miller')
  expect(whoAsks(request({ customer_name: null }))).toBe('ann@example.com')
  expect(whoAsks(request({ customer_name: null, contact: null }))).toBe('c_0011')
  const nobody = request({ customer_name: null, contact: null, customer_id: null })
  expect(whoAsks(nobody)).toBe('Somebody who is not known yet')
  expect(isClosed(request({ status: 'refused' }))).toBe(true)
})
