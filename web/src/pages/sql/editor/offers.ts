// What may stand next in a query? Tables, the columns of the tables named in it, functions, words.
import type { Completion } from '@codemirror/autocomplete'
import type { SchemaTable, SqlSchema } from '../types'

export const keywords =
  'SELECT|DISTINCT|FROM|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|OFFSET|WITH|AS|AND|OR|NOT|IN|IS NULL|IS NOT NULL|BETWEEN|LIKE|ILIKE|EXISTS|CASE|WHEN|THEN|ELSE|END|JOIN|LEFT JOIN|FULL JOIN|CROSS JOIN|ON|USING|UNION ALL|INTERSECT|EXCEPT|OVER|PARTITION BY|FILTER|ROLLUP|INTERVAL|AT TIME ZONE|ASC|DESC|NULLS FIRST|NULLS LAST|TRUE|FALSE|NULL|EXPLAIN|EXPLAIN ANALYZE'.split(
    '|',
  )

/** Functions of the dialect that the schema does not list, because they are everybody's. */
const usual =
  'count sum avg min max median stddev approx_percentile_cont array_agg string_agg first_value last_value row_number rank dense_rank lag lead ntile coalesce nullif greatest least round floor ceil abs power ln exp lower upper trim length substr replace split_part strpos starts_with concat regexp_like regexp_replace date_trunc date_part date_bin to_timestamp now current_date extract cast try_cast'.split(
    ' ',
  )

const keywordOffers: Completion[] = keywords.map((label) => ({
  label,
  type: 'keyword',
  boost: -10,
}))

/** The tables that a query names, in the order of the schema. */
export function tablesNamed(tables: SchemaTable[], query: string): SchemaTable[] {
  const names = new Set(query.toLowerCase().match(/[a-z_][a-z0-9_]*/g) ?? [])
  return tables.filter((table) => names.has(table.name.toLowerCase()))
}

/** Columns by name; where several tables have one, it says which. */
export function columnOffers(schema: SqlSchema, query: string): Completion[] {
  const named = tablesNamed(schema.tables, query)
  const tables = named.length > 0 ? named : schema.tables
  const found = new Map<string, Completion>()
  for (const table of tables) {
    for (const { name, type, note } of table.columns) {
      const before = found.get(name)
      const detail = before ? `${before.detail}, ${table.name}` : `${type} · ${table.name}`
      found.set(name, { label: name, type: 'property', detail, info: note || undefined, boost: 5 })
    }
  }
  return [...found.values()]
}

export function functionOffers(schema: SqlSchema): Completion[] {
  const own = schema.functions
    .filter(({ name }) => isWord(name))
    .map(({ name, signature, note, example }) => ({
      label: name,
      type: 'function',
      detail: argumentsOf(signature),
      info: [note, example].filter(Boolean).join('\n\n'),
      apply: `${name}(`,
    }))
  const known = new Set(own.map(({ label }) => label))
  const rest = usual.filter((name) => !known.has(name))
  return [...own, ...rest.map(plainFunction)]
}

/** Whether it is called with brackets, as opposed to an operator. */
export const isWord = (name: string) => /^\w+$/.test(name)

function plainFunction(name: string): Completion {
  const apply = name === 'current_date' ? name : `${name}(`
  return { label: name, type: 'function', apply, boost: -5 }
}

/** "funnel(first, second)" → "(first, second)". */
export function argumentsOf(signature: string): string {
  const at = signature.indexOf('(')
  return at < 0 ? '' : signature.slice(at)
}

/** Whether a table comes next. */
export const wantsTable = (before: string) => /\b(from|join)\s+\w*$/i.test(before)

/** Everything that may stand where a word begins; tables first where one is wanted. */
export function offers(schema: SqlSchema, query: string, tablesFirst = false): Completion[] {
  const tables = schema.tables.map(({ name, note }) => ({
    label: name,
    type: 'type',
    detail: 'table',
    info: note || undefined,
    boost: tablesFirst ? 20 : 2,
  }))
  return [...columnOffers(schema, query), ...tables, ...functionOffers(schema), ...keywordOffers]
}
