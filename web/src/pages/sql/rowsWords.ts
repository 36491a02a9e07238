// How many rows are these, and are there more?
import { counted } from '@/kit/number'
import type { SqlAnswer } from './types'

/** "The first 1,000 rows of more", "12 rows", "No rows". */
export function rowsWords({ n_rows, is_cut }: Pick<SqlAnswer, 'n_rows' | 'is_cut'>): string {
  if (n_rows === 0) return 'No rows'
  if (is_cut) return `The first ${counted(n_rows, 'row')} of more`
  return counted(n_rows, 'row')
}
