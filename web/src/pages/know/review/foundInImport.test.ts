import { expect, test } from 'vitest'
import { countsOf, doubleWords, fateWords, rowsOf, summaryWords } from './foundInImport'
import type { FoundInImport, FoundRow } from './wire'

const row = (at: number, part: Partial<FoundRow>): FoundRow => ({
  ...{ row: at, match: 'new', customer: null, probability: null, band: null, reason: null },
  ...{ evidence: null, double_of_row: null, double_probability: null },
  ...part,
})

const found = (part: Partial<FoundInImport> = {}): FoundInImport => ({
  ...{ n_rows: 5000, n_known: 0, n_perhaps: 0, n_new: 5000 },
  ...{ n_among_known: 0, n_among_perhaps: 0, has_model: true, spread_over: null, rows: [] },
  ...part,
})

test('what the file brings is said in a sentence', () => {
  expect(summaryWords(found())).toBe('None of 5,000 rows is here already, as far as can be seen.')
  expect(summaryWords(found({ n_known: 812, n_perhaps: 41, n_new: 4147 }))).toBe(
    'Of 5,000 rows 812 are customers already, 41 perhaps, and 4,147 are new.',
  )
  expect(summaryWords(found({ n_known: 812, n_new: 4188, n_among_known: 1 }))).toBe(
    'Of 5,000 rows 812 are customers already, and 4,188 are new. 1 row is there twice in the file itself.',
  )
})

test('rows are sorted out, the likeliest first; one can be known and double', () => {
  const all = found({
    n_known: 1,
    n_perhaps: 2,
    n_among_known: 1,
    n_among_perhaps: 1,
    rows: [
      row(1, { match: 'perhaps', probability: 0.4, band: 'review' }),
      row(2, { match: 'known', double_of_row: 1, double_probability: 0.8 }),
      row(3, { match: 'perhaps', probability: 0.95, band: 'link' }),
      row(4, { double_of_row: 3, double_probability: 1 }),
    ],
  })
  const at = (sort: Parameters<typeof rowsOf>[1]) => rowsOf(all, sort).map((one) => one.row)
  expect(at('perhaps')).toEqual([3, 1])
  expect(at('known')).toEqual([2])
  expect(at('double')).toEqual([4, 2])
  expect(countsOf(all)).toEqual({ perhaps: 2, double: 2, known: 1 })
})

test('of each row it is said what will be done with it', () => {
  expect(fateWords(row(1, { match: 'known', reason: 'same email' }))).toBe(
    'joins this customer: same email',
  )
  expect(fateWords(row(1, { match: 'perhaps', band: 'link' }))).toMatch(/linked by itself/)
  expect(fateWords(row(1, { match: 'perhaps', band: 'review' }))).toMatch(/put up for review/)
  expect(doubleWords(row(4, { double_of_row: 3, double_probability: 1 }))).toBe(
    'the same person as row 4',
  )
  expect(doubleWords(row(4, { double_of_row: 3, double_probability: 0.83 }))).toBe(
    '83 % likely the same person as row 4',
  )
})
