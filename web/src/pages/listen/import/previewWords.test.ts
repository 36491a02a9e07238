import { expect, test } from 'vitest'
import type { UploadPreview } from '@/api/types'
import { factsOf, flawWords, previewSentence } from './previewWords'

const preview = (more: Partial<UploadPreview>): UploadPreview => ({
  flaw: null,
  n_rows: 10_000,
  is_whole_file: false,
  n_events: 2_310,
  n_identifiers: 812,
  n_skipped: 0,
  n_rejected: 0,
  events: [],
  rejects: [],
  columns: [],
  mapping_file: null,
  ...more,
})

test.each([
  [{}, 'The first 10,000 rows were tried: 2,310 events about 812 customers, nothing refused.'],
  [
    { n_rows: 1, is_whole_file: true, n_events: 1, n_identifiers: 1, n_rejected: 1, n_skipped: 3 },
    'The only row was tried: 1 event about 1 customer, 1 row refused, 3 rows passed over.',
  ],
])('what would become of the rows, in a sentence', (more, words) => {
  expect(previewSentence(preview(more))).toBe(words)
})

test('facts are short: lists are counted, long texts are cut, and no more than six are told', () => {
  const facts = factsOf({
    order_id: '7',
    products: [1, 2],
    note: 'x'.repeat(99),
    a: 1,
    b: 2,
    c: 3,
    d: 4,
  })
  expect(facts.slice(0, 2)).toEqual([
    ['order id', '7'],
    ['products', '2 entries'],
  ])
  expect(facts[2]![1]).toHaveLength(61)
  expect(facts).toHaveLength(6)
})

test('what is missing is said in the words of the page', () => {
  expect(flawWords({ part: 'customer', message: 'x' })).toMatch(/^No column says who it is/)
  expect(flawWords({ part: 'time.zone', message: 'there is no time zone' })).toBe(
    'there is no time zone',
  )
})
