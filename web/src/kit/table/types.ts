// What is a column, and how is a table sorted?
import type { ReactNode } from 'react'

export interface Column<Row> {
  key: string
  header: string
  /** A CSS grid track: "120px", "minmax(160px, 2fr)". */
  width: string
  align?: 'end'
  sortable?: boolean
  /** Cannot be hidden: the name of the thing. */
  always?: boolean
  /** Hidden until chosen. */
  optional?: boolean
  render: (row: Row) => ReactNode
}

export interface Sort {
  key: string
  order: 'asc' | 'desc'
}

/** Columns that are shown, given the person's choice (null: nothing was chosen yet). */
export function shownColumns<Row>(columns: Column<Row>[], chosen: string[] | null): Column<Row>[] {
  if (!chosen) return columns.filter((column) => !column.optional)
  return columns.filter((column) => column.always || chosen.includes(column.key))
}

/** A click on a header: first descending, then ascending, then descending again. */
export function nextSort(current: Sort | undefined, key: string): Sort {
  if (current?.key !== key) return { key, order: key === 'name' ? 'asc' : 'desc' }
  return { key, order: current.order === 'desc' ? 'asc' : 'desc' }
}
