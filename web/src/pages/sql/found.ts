// Which tables, columns and functions have a name like the one that is looked for?
import type { SqlSchema } from './types'

/** A table that is called so comes with all of its columns, another one with those that are. */
export function found(
  { tables, functions }: Pick<SqlSchema, 'tables' | 'functions'>,
  wanted: string,
): Pick<SqlSchema, 'tables' | 'functions'> {
  const text = wanted.trim().toLowerCase()
  if (!text) return { tables, functions }
  const is = (name: string) => name.toLowerCase().includes(text)
  return {
    tables: tables
      .map((table) =>
        is(table.name)
          ? table
          : { ...table, columns: table.columns.filter((column) => is(column.name)) },
      )
      .filter((table) => is(table.name) || table.columns.length > 0),
    functions: functions.filter(({ name }) => is(name)),
  }
}
