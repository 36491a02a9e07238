import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { renderInApp } from '@/testing/render'
import { ImportDuplicates } from './ImportDuplicates'
import type { FoundInImport, FoundRow, PairEvidence } from './wire'

const evidence: PairEvidence = {
  prior: -10,
  fields: [
    {
      ...{ name: 'last name', kind: 'family_name', a: 'Thompson', b: 'Tompson' },
      ...{ level: 'a letter off', weight: 12.4, of_frequency: 1.4, of_dependence: 0 },
      ...{ is_withheld: false, m: 0.05, u: 0.00001 },
    },
  ],
  ...{ of_household: -0.5, total: 1.9, probability: 0.79 },
}

const side = (id: string, name: string) => ({
  ...{ customer_id: id, name, n_events: 3, n_orders: 1, first_seen: null, last_seen: null },
  identifiers: [],
})

const row = (at: number, part: Partial<FoundRow>): FoundRow => ({
  ...{ row: at, match: 'perhaps', customer: side(`c_${at}`, `Ann ${at}`), probability: 0.79 },
  ...{ band: 'review', reason: null, evidence, double_of_row: null, double_probability: null },
  ...part,
})

const found = (part: Partial<FoundInImport> = {}): FoundInImport => ({
  ...{ n_rows: 1000, n_known: 1, n_perhaps: 30, n_new: 969, n_among_known: 0 },
  ...{ n_among_perhaps: 0, has_model: true, spread_over: null },
  rows: [
    ...Array.from({ length: 30 }, (_, i) => row(i + 1, {})),
    row(50, { match: 'known', reason: 'same e-mail', evidence: null, band: null }),
  ],
  ...part,
})

const show = (data: FoundInImport) =>
  renderInApp(
    <ImportDuplicates found={{ data, isPending: false, error: null, refetch: () => {} }} />,
  )

test('what is here already is said first; each row opens its evidence', async () => {
  show(found())
  screen.getByText('Of 1,000 rows 1 is a customer already, 30 perhaps, and 969 are new.')
  expect(screen.queryByText(/beginning of the file/)).toBeNull()
  expect(screen.getAllByText(/^row \d+$/)).toHaveLength(20)
  await userEvent.click(screen.getByRole('button', { name: 'Show more rows' }))
  expect(screen.getAllByText(/^row \d+$/)).toHaveLength(30)
  const table = screen.getAllByRole('table', { hidden: true })[0]!
  expect(within(table).getByText('h').tagName).toBe('MARK')
  expect(table.textContent).toContain('a letter off, and rare')
  expect(table.textContent).toContain('79 % likely one person')
  await userEvent.click(screen.getByRole('tab', { name: 'Here already (1)' }))
  screen.getByText('joins this customer: same e-mail')
})

test('without a first search it says what was not looked at', () => {
  show(found({ has_model: false }))
  screen.getByText(/Only e-mails, numbers and other identifiers were compared/)
})

test('a file of new people has no list, and a long one says that it is not all', () => {
  const counts = { n_rows: 10_000, n_known: 0, n_perhaps: 0, n_new: 10_000 }
  show(found({ ...counts, spread_over: 250_000, rows: [] }))
  screen.getByText(/a sample, spread over 250,000 rows/)
  screen.getByText('None of 10,000 rows is here already, as far as can be seen.')
  expect(screen.queryByRole('tab')).toBeNull()
})

test('a failure says so and can be asked again', async () => {
  const refetch = vi.fn()
  const error = new Error('too many rows')
  renderInApp(<ImportDuplicates found={{ isPending: false, error, refetch }} />)
  screen.getByText('too many rows')
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(refetch).toHaveBeenCalledOnce()
})
