import { describe, expect, test } from 'vitest'
import { isGrouped, jsonIn, kindOf, numberText, readExactly, timeText } from './cells'
import { httpWay, ways } from './connectWords'
import { argumentsOf, offers, tablesNamed, wantsTable } from './editor/offers'
import { fieldsWithin, quotedBefore } from './editor/quoted'
import { found } from './found'
import { isOtherLook, lookToSave, plainLook, readLook } from './look'
import { meantIn, replaced } from './meant'
import { placeIn, placeOf, placeOfName, rangeAt, withoutPlace } from './place'
import { rowsWords } from './rowsWords'
import { choiceFor, drawn, firstChoice } from './series'
import type { SqlAnswer, SqlSchema } from './types'

const column = (name: string, type = 'TEXT', note = '') => ({ name, type, note })
const schema: SqlSchema = {
  tables: [
    { name: 'events', note: '', columns: [column('customer_id', 'BIGINT'), column('name')] },
    { name: 'customers', note: '', columns: [column('customer_id', 'BIGINT'), column('country')] },
  ],
  functions: [{ name: 'funnel', signature: 'funnel(first, second)', note: 'Steps.', example: '' }],
  server: null,
}

describe('the place of an error', () => {
  test.each([
    ['found: events at Line: 3, Column: 8', { line: 3, column: 8 }],
    ['Expected: an expression, found: EOF at Line: 12, Column: 1', { line: 12, column: 1 }],
    ['wrong at line 2 column 4', { line: 2, column: 4 }],
    ['No field named nope.', null],
  ])('%s', (message, place) => expect(placeIn(message)).toEqual(place))

  test('is not said twice', () => {
    expect(withoutPlace('Expected: FROM, found: x at Line: 3, Column: 8')).toBe(
      'Expected: FROM, found: x',
    )
  })

  test('is the whole word, and inside of the text whatever the place says', () => {
    const query = 'SELECT a\nFROM events'
    expect(rangeAt(query, { line: 2, column: 6 })).toEqual({ from: 14, to: 20 })
    expect(rangeAt('SELECT e.foo', { line: 1, column: 8 })).toEqual({ from: 7, to: 12 })
    expect(rangeAt(query, { line: 9, column: 99 })).toEqual({ from: 19, to: 20 })
    expect(rangeAt('', { line: 1, column: 1 })).toEqual({ from: 0, to: 0 })
  })

  test('is found by name where the engine names it, but not in texts and comments', () => {
    const query = "-- foo\nSELECT 'foo', e.foo FROM events e"
    expect(placeOfName(query, 'foo')).toEqual({ line: 2, column: 17 })
    expect(placeOf('Schema error: No field named e.foo. Did you mean e.name?', query)).toEqual({
      line: 2,
      column: 15,
    })
    expect(placeOf('table evnets not found', 'SELECT 1 FROM evnets')).toEqual({
      line: 1,
      column: 15,
    })
    expect(placeOf('the question was stopped', query)).toBeNull()
  })
})

test('the name that was meant takes the place of the wrong one', () => {
  expect(meantIn("No field named customerid. Did you mean 'customer_id'?")).toBe('customer_id')
  expect(meantIn("did you mean 'events.customer_id'?")).toBe('customer_id')
  expect(meantIn('No such table.')).toBeNull()
  const at = { line: 1, column: 8 }
  expect(replaced('SELECT customerid FROM e', at, 'customer_id')).toBe('SELECT customer_id FROM e')
  expect(replaced('SELECT e.customerid FROM e', at, 'customer_id')).toBe(
    'SELECT e.customer_id FROM e',
  )
})

describe('cells', () => {
  test.each([
    ['BIGINT', 'number'],
    ['DOUBLE PRECISION', 'number'],
    ['DECIMAL(10,2)', 'number'],
    ['TIMESTAMPTZ', 'time'],
    ['TEXT[]', 'json'],
    ['BOOLEAN', 'boolean'],
    ['INTERVAL', 'text'],
    ['DATE', 'text'],
  ])('%s is a %s', (type, kind) => expect(kindOf(type)).toBe(kind))

  test('only objects and lists are opened', () => {
    expect(jsonIn('{"a":1}')).toEqual({ a: 1 })
    expect(jsonIn('[1]')).toEqual([1])
    expect(jsonIn('{broken')).toBeUndefined()
    expect(jsonIn('7')).toBeUndefined()
  })

  test('thousands are set apart, but not in ids and years, and no digit is lost', () => {
    expect(isGrouped({ name: 'n', type: 'BIGINT' }, [1, 20_000])).toBe(true)
    expect(isGrouped({ name: 'customer_id', type: 'BIGINT' }, [20_000])).toBe(false)
    expect(isGrouped({ name: 'y', type: 'BIGINT' }, [2025, 2026])).toBe(false)
    expect(numberText('9007199254740993', true)).toBe('9,007,199,254,740,993')
    expect(numberText(-1234567.123456789, true)).toBe('-1,234,567.123456789')
    expect(numberText(-0.5, true)).toBe('-0.5')
    expect(numberText(1e-9, true)).toBe('1e-9')
  })

  test('times are short where they are round', () => {
    expect(timeText('2026-07-01T00:00:00Z')).toBe('2026-07-01')
    expect(timeText('2026-07-01T14:03:00Z')).toBe('2026-07-01 14:03')
    expect(timeText('2026-07-01T14:03:07.250000Z')).toBe('2026-07-01 14:03:07.25')
    expect(timeText('not a time')).toBe('not a time')
  })

  // That the digits beyond 2^53 stay is tested in a browser: Node's reader of JSON cannot.
  test('an answer with large numbers is read, and texts stay texts', () => {
    const read = readExactly('{"rows":[[1.5,"9007199254740993",1e300]]}')
    expect(read).toEqual({ rows: [[1.5, '9007199254740993', 1e300]] })
  })
})

describe('what is offered', () => {
  const labels = (query: string) => offers(schema, query).map(({ label }) => label)

  test('columns of the tables that the query names, tables, functions and words', () => {
    expect(tablesNamed(schema.tables, 'select x from EVENTS').map((t) => t.name)).toEqual([
      'events',
    ])
    expect(labels('FROM events')).toContain('name')
    expect(labels('FROM events')).not.toContain('country')
    expect(labels('')).toEqual(expect.arrayContaining(['country', 'customers', 'funnel', 'SELECT']))
  })

  test('a table first where one is wanted', () => {
    expect(wantsTable('SELECT 1\nFROM ')).toBe(true)
    expect(wantsTable('left JOIN cu')).toBe(true)
    expect(wantsTable('WHERE ')).toBe(false)
    const boost = (first: boolean) =>
      offers(schema, '', first).find(({ label }) => label === 'customers')?.boost
    expect(boost(true)).toBeGreaterThan(boost(false)!)
  })

  test('a column of two tables once, with both', () => {
    const both = offers(schema, 'events customers').filter((o) => o.label === 'customer_id')
    expect(both.map(({ detail }) => detail)).toEqual(['BIGINT · events, customers'])
  })

  test('a signature without its name', () => {
    expect(argumentsOf('funnel(first, second)')).toBe('(first, second)')
    expect(argumentsOf('now')).toBe('')
  })
})

describe('inside of quotes', () => {
  test.each([
    ["WHERE name = 'Order C", { is: 'event', typed: 'Order C' }],
    ["WHERE name IN ('Order Completed', '", { is: 'event', typed: '' }],
    ["properties ->> 're", { is: 'field', of: 'property', through: [], typed: 're' }],
    ["context -> 'page' ->> '", { is: 'field', of: 'context', through: ['page'], typed: '' }],
    ["WHERE name = 'done' AND ", null],
    ["WHERE country = 'N", null],
  ])('%s', (before, quoted) => expect(quotedBefore(before)).toEqual(quoted))

  test('fields that were seen, once each, those inside of others one by one', () => {
    const seen = [
      { of: 'context' as const, path: 'page.path', types: ['text'] },
      { of: 'context' as const, path: 'page.url', types: ['text'] },
      { of: 'context' as const, path: 'locale', types: ['text', 'number'] },
      { of: 'property' as const, path: 'revenue', types: ['number'] },
    ] as Parameters<typeof fieldsWithin>[0]
    expect(fieldsWithin(seen, { of: 'context', through: [] })).toEqual([
      { name: 'page', detail: 'object' },
      { name: 'locale', detail: 'text, number' },
    ])
    expect(fieldsWithin(seen, { of: 'context', through: ['page'] }).map((f) => f.name)).toEqual([
      'path',
      'url',
    ])
  })
})

test('the schema is searched by table, column and function', () => {
  expect(found(schema, '').tables).toHaveLength(2)
  const country = found(schema, 'COUNTRY')
  expect(country.tables.map((t) => [t.name, t.columns.length])).toEqual([['customers', 1]])
  expect(found(schema, 'events').tables[0]!.columns).toHaveLength(2)
  expect(found(schema, 'fun').functions).toHaveLength(1)
})

test('how many rows there are is said plainly', () => {
  expect(rowsWords({ n_rows: 0, is_cut: false })).toBe('No rows')
  expect(rowsWords({ n_rows: 1, is_cut: false })).toBe('1 row')
  expect(rowsWords({ n_rows: 1000, is_cut: true })).toBe('The first 1,000 rows of more')
})

describe('what is drawn', () => {
  const answer: SqlAnswer = {
    columns: [
      column('customer_id', 'BIGINT'),
      column('month', 'TIMESTAMPTZ'),
      column('n', 'BIGINT'),
    ],
    rows: [
      [1, '2026-02-01T00:00:00Z', 5],
      [2, '2026-01-01T00:00:00Z', null],
    ],
    n_rows: 2,
    is_cut: false,
    took_ms: 1,
    error: null,
  }

  test('numbers along time, in order of time; ids are not drawn at first', () => {
    const choice = firstChoice(answer)
    expect(choice).toEqual({ x: 1, ys: [2], as: 'line' })
    const data = drawn(answer, choice!)
    expect(data.labels).toEqual(['2026-01-01', '2026-02-01'])
    expect(data.series).toEqual([{ name: 'n', values: [null, 5] }])
  })

  test('nothing without numbers or rows; a choice that fits stays', () => {
    expect(firstChoice({ ...answer, rows: [] })).toBeNull()
    expect(firstChoice({ ...answer, columns: [column('a')], rows: [['b']] })).toBeNull()
    const chosen = { x: 0, ys: [2], as: 'bar' as const }
    expect(choiceFor(answer, chosen)).toBe(chosen)
    expect(choiceFor(answer, { x: 0, ys: [7], as: 'bar' })).toEqual(firstChoice(answer))
  })

  test('no more bars than can be told apart, and it says how many are left out', () => {
    const rows = Array.from({ length: 70 }, (_, i) => [i, `d${i}`, i])
    const data = drawn({ ...answer, rows }, { x: 1, ys: [2], as: 'bar' })
    expect([data.n_rows, data.n_left]).toEqual([60, 10])
  })
})

test('a picture is kept with a query, rows need nothing; what cannot be read is rows', () => {
  const look = { tab: 'chart' as const, chart: { x: 0, ys: [1], as: 'bar' as const } }
  expect(readLook(JSON.parse(JSON.stringify(lookToSave(look))))).toEqual(look)
  expect(lookToSave(plainLook)).toBeNull()
  expect(readLook(null)).toEqual(plainLook)
  expect(readLook({ tab: 'chart', chart: { x: 'a' } })).toEqual({ tab: 'chart', chart: null })
  expect(isOtherLook(null, plainLook)).toBe(false)
  expect(isOtherLook(look, plainLook)).toBe(false)
  expect(isOtherLook(null, look)).toBe(true)
  expect(isOtherLook(look, look)).toBe(false)
})

test('the lines that connect name the real host and port', () => {
  const lines = ways({ port: 6543, is_tls: false }, 'cx.example', 'ada@x.example')
  expect(lines.map(({ key }) => key)).toEqual(['psql', 'jdbc', 'psycopg', 'pandas'])
  for (const { code } of lines) expect(code).toMatch(/cx\.example/)
  for (const { code } of lines) expect(code).toMatch(/6543/)
  for (const { code } of lines) expect(code).toMatch(/disable/)
  expect(httpWay('https://cx.example')).toContain('https://cx.example/api/sql')
})
