// What does a file bring that is here already? Said before anything is stored.
import { countExact, counted } from '@/kit/number'
import { percent } from './strength'
import type { FoundInImport, FoundRow } from './wire'

export type Sort = 'perhaps' | 'double' | 'known'

/** Rows of one sort, the likeliest first. A row can be of two sorts: known, and twice in the file. */
export function rowsOf({ rows }: FoundInImport, sort: Sort): FoundRow[] {
  if (sort === 'double') {
    return rows
      .filter((row) => row.double_of_row !== null)
      .sort((a, b) => (b.double_probability ?? 0) - (a.double_probability ?? 0))
  }
  return rows
    .filter((row) => row.match === sort)
    .sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0))
}

export function countsOf(found: FoundInImport): Record<Sort, number> {
  const { n_perhaps, n_known, n_among_known, n_among_perhaps } = found
  return { perhaps: n_perhaps, double: n_among_known + n_among_perhaps, known: n_known }
}

/** The answer in one or two sentences, numbers first. */
export function summaryWords(found: FoundInImport): string {
  const { n_rows, n_known, n_perhaps, n_new } = found
  const n_double = countsOf(found).double
  if (n_known + n_perhaps + n_double === 0) {
    return `None of ${counted(n_rows, 'row')} is here already, as far as can be seen.`
  }
  const parts = [
    n_known > 0 &&
      `${countExact(n_known)} ${n_known === 1 ? 'is a customer' : 'are customers'} already`,
    n_perhaps > 0 && `${countExact(n_perhaps)} perhaps`,
    `${countExact(n_new)} ${n_new === 1 ? 'is' : 'are'} new`,
  ].filter((part) => part !== false)
  const first = `Of ${counted(n_rows, 'row')} ${listed(parts)}.`
  if (n_double === 0) return first
  return `${first} ${counted(n_double, 'row')} ${n_double === 1 ? 'is' : 'are'} there twice in the file itself.`
}

function listed(parts: string[]): string {
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')}, and ${last}`
}

/** What will be done with the row. */
export function fateWords(row: FoundRow): string {
  if (row.match === 'known')
    return `joins this customer: ${row.reason ?? 'an identifier is theirs'}`
  if (row.band === 'link') return 'would be linked by itself after the import'
  return 'would be put up for review after the import'
}

/** The engine counts rows from 0, people from 1; a heading is not counted. */
export const rowWords = (at: number) => `row ${countExact(at + 1)}`

export function doubleWords({ double_of_row, double_probability }: FoundRow): string {
  const isSure = double_probability === 1
  const words = isSure
    ? 'the same person'
    : `${percent(double_probability ?? 0)} likely the same person`
  return `${words} as ${rowWords(double_of_row ?? 0)}`
}
