import { expect, test } from 'vitest'
import type { ConsentLine } from '@/api/privacyTypes'
import { consentCsv, consentParts, consentSentence, purposeWords } from './consentWords'

const line: ConsentLine = {
  purpose: 'marketing',
  channel: 'email',
  n_granted: 700,
  n_pending: 20,
  n_denied: 80,
  n_confirmed: 650,
  n_without_text: 12,
  texts: [
    {
      text_version: '=v2, "short"',
      n_granted: 700,
      n_pending: 20,
      n_denied: 80,
      first_at: '2026-01-01T00:00:00Z',
      last_at: '2026-11-01T00:00:00Z',
    },
  ],
  sources: [{ source: { id: 's_0001', name: 'Web shop' }, n: 800 }],
  oldest_at: '2026-01-01T00:00:00Z',
  latest_at: '2026-11-01T00:00:00Z',
}

test('everybody is counted once', () => {
  const parts = consentParts(line, 1_000)
  expect(parts.map(({ n }) => n)).toEqual([700, 20, 80, 200])
  expect(consentParts(line, 0).at(-1)?.n).toBe(0)
})

test('it is told in a sentence', () => {
  expect(purposeWords(line)).toBe('Marketing by e-mail')
  expect(purposeWords({ ...line, purpose: 'order_updates', channel: 'whatsapp' })).toBe(
    'Order updates by whatsapp',
  )
  expect(consentSentence(line, 1_000)).toBe(
    '700 customers (70 %) agreed; 650 confirmed that it was they.',
  )
  expect(consentSentence({ ...line, n_confirmed: 0 }, 1_000)).toBe(
    '700 customers (70 %) agreed; none of them confirmed it.',
  )
  expect(consentSentence({ ...line, n_granted: 0 }, 1_000)).toMatch(/^Nobody agreed/)
})

test('no cell becomes a formula or breaks its line', () => {
  const report = { at: '', n_customers: 1, n_silent: 0, n_suspended: 0, items: [line] }
  const [, row] = consentCsv(report).split('\r\n')
  expect(row).toBe(
    `marketing,email,"'=v2, ""short""",700,20,80,2026-01-01T00:00:00Z,2026-11-01T00:00:00Z`,
  )
})
