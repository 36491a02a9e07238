// What does the mock answer in SQL? It reads no SQL: a few shapes of queries get a fitting answer.
import { markOf } from './boards.mjs'

const refusal = (status, kind, message, hint = null) => [
  status,
  { error: { kind, message, hint, field: null } },
]

const column = (name, type, note = '') => ({ name, type, note })

const schema = {
  tables: [
    {
      name: 'events',
      note: 'One row for each thing that happened.',
      columns: [
        column('customer_id', 'BIGINT', 'Whose event it is.'),
        column('occurred_at', 'TIMESTAMPTZ', 'When it happened.'),
        column('received_at', 'TIMESTAMPTZ', 'When it reached us.'),
        column('kind', 'TEXT', 'track, identify, page, screen, group or alias.'),
        column('name', 'TEXT', 'What is counted: Order Completed.'),
        column('source_id', 'BIGINT', 'Where it came from; see sources.'),
        column('properties', 'TEXT', 'Its fields, a JSON object.'),
      ],
    },
    {
      name: 'customers',
      note: 'One row for each person.',
      columns: [
        column('customer_id', 'BIGINT', 'The number that events carry.'),
        column('name', 'TEXT'),
        column('country', 'TEXT'),
        column('n_orders', 'BIGINT', 'Orders so far.'),
        column('revenue', 'NUMERIC', 'Orders less refunds.'),
      ],
    },
    {
      name: 'sources',
      note: 'Where events come from.',
      columns: [column('source_id', 'BIGINT'), column('name', 'TEXT'), column('kind', 'TEXT')],
    },
  ],
  functions: [
    {
      name: 'customer_key',
      signature: 'customer_key(customer_id BIGINT) → TEXT',
      note: 'The id that stands in the address of a customer’s page.',
      example: 'SELECT customer_key(customer_id), name FROM customers LIMIT 10',
    },
    {
      name: 'json_get_float',
      signature: 'json_get_float(json TEXT, key TEXT, …) → DOUBLE',
      note: 'A number out of a JSON object; NULL where it is none.',
      example: "json_get_float(properties, 'total')",
    },
  ],
}

const SLOW_MS = 30_000

export const sqlRoutes = [
  ['GET /api/sql/schema', ({ world }) => ({ ...schema, server: world.sqlServer ?? null })],
  ['POST /api/sql', ask],
  ['POST /api/sql/plan', ({ body: { query } }) => wrongWith(query) ?? { text: planText }],
  [
    'GET /api/sql/queries',
    ({ world }) => ({
      queries: saved(world),
      deleted: gone(world).map(({ one: { id, name }, mark }) => ({ id, name, ...mark })),
    }),
  ],
  ['POST /api/sql/queries', keep],
  ['PUT /api/sql/queries/*', change],
  [
    'DELETE /api/sql/queries/*',
    ({ world, args: [id], now }) => {
      const one = saved(world).find((query) => query.id === id)
      if (!one) return refusal(404, 'not_found', 'There is no such query.')
      world.sqlSaved = saved(world).filter((other) => other !== one)
      gone(world).unshift({ one, mark: markOf(world, now) })
      return [204]
    },
  ],
  [
    'POST /api/sql/queries/*/restore',
    ({ world, args: [id] }) => {
      const there = gone(world).find(({ one }) => one.id === id)
      if (!there) return refusal(404, 'not_found', 'There is no such query.')
      world.sqlGone = gone(world).filter((other) => other !== there)
      saved(world).push(there.one)
      return there.one
    },
  ],
]

const planText = `Sort: n DESC
  Aggregate: groupBy=[name], aggr=[count(*)]
    Scan: events, columns=[name], files=3 of 3`

function saved(world) {
  world.sqlSaved ??= []
  return world.sqlSaved
}

const gone = (world) => (world.sqlGone ??= [])

function keep({ world, body, now }) {
  if (saved(world).some((one) => one.name === body.name))
    return refusal(409, 'conflict', 'A query of this name is there already.', 'Take another name.')
  world.n_sqlSaved = (world.n_sqlSaved ?? 0) + 1
  const made = {
    id: `y_000${world.n_sqlSaved}`,
    look: null,
    ...body,
    owner: world.user.email,
    changed_at: new Date(now).toISOString(),
  }
  saved(world).push(made)
  return made
}

function change({ world, args: [id], body, now }) {
  const one = saved(world).find((query) => query.id === id)
  if (!one) return refusal(404, 'not_found', 'There is no such query.')
  return Object.assign(one, body, { changed_at: new Date(now).toISOString() })
}

/** As the engine complains: where it knows the place, it says it. */
function wrongWith(query) {
  const lines = query.split('\n')
  const typo = lines.findIndex((line) => /\bFORM\b/i.test(line))
  if (typo >= 0)
    return refusal(
      400,
      'invalid',
      `Expected: end of statement, found: events at Line: ${typo + 1}, Column: ${lines[typo].search(/events/) + 1}`,
    )
  if (/\bcustomerid\b/i.test(query))
    return refusal(
      400,
      'invalid',
      "No field named customerid. Did you mean 'customer_id'?",
      'Valid fields are events.customer_id, events.occurred_at, events.name.',
    )
  if (/^\s*(insert|update|delete|drop)\b/i.test(query))
    return refusal(403, 'denied', 'INSERT is not answered here: SQL only reads.')
  return null
}

async function ask({ world, body, response }) {
  const { query, rows_max = 1000, format = 'json' } = body
  const wrong = wrongWith(query)
  if (wrong) return wrong
  if (/pg_sleep|slow/i.test(query)) await heldUntilLeft(world, response)
  if (/bigger/i.test(query)) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(bigger)
    return undefined
  }
  const { columns, rows } = answerTo(query)
  if (format !== 'json') return file(response, format, columns, rows)
  const shown = rows.slice(0, rows_max)
  const is_cut = rows.length > rows_max
  return { columns, rows: shown, n_rows: shown.length, is_cut, took_ms: 12, error: null }
}

/** A query that takes long: counts who did not wait for it. */
function heldUntilLeft(world, response) {
  return new Promise((done) => {
    const timer = setTimeout(done, SLOW_MS)
    response.on('close', () => {
      clearTimeout(timer)
      world.n_sqlStopped = (world.n_sqlStopped ?? 0) + 1
      done()
    })
  })
}

function file(response, format, columns, rows) {
  const type = format === 'csv' ? 'text/csv' : 'application/vnd.apache.arrow.stream'
  response.writeHead(200, { 'content-type': type })
  // Every message of Arrow's stream begins so.
  if (format === 'arrow') response.write(Buffer.from([255, 255, 255, 255]))
  response.write(columns.map(({ name }) => name).join(',') + '\n')
  response.end(rows.map((row) => row.join(',') + '\n').join(''))
}

function answerTo(query) {
  if (/where false/i.test(query)) return { columns: months.columns, rows: [] }
  if (/date_trunc\('month'/i.test(query)) return months
  if (/from\s+customers/i.test(query)) return buyers()
  if (/properties/i.test(query) && !/count\(/i.test(query)) return many
  return counts
}

const counts = {
  columns: [column('name', 'TEXT'), column('n', 'BIGINT'), column('customers', 'BIGINT')].map(bare),
  rows: [
    ['Product Viewed', 812_004, 61_220],
    ['Page', 1_204_551, 70_003],
    ['Order Completed', 23_118, 11_870],
    [null, 4, 4],
  ],
}

const months = {
  columns: [
    column('month', 'TIMESTAMPTZ'),
    column('orders', 'BIGINT'),
    column('revenue', 'DOUBLE PRECISION'),
  ].map(bare),
  rows: Array.from({ length: 11 }, (_, i) => [
    `2026-${String(i + 1).padStart(2, '0')}-01T00:00:00Z`,
    1_800 + ((i * 733) % 900),
    181_233.5 + ((i * 73_331) % 90_000),
  ]),
}

function bare({ name, type }) {
  return { name, type }
}

function buyers() {
  return {
    columns: [
      column('customer', 'TEXT'),
      column('name', 'TEXT'),
      column('country', 'TEXT'),
      column('n_orders', 'BIGINT'),
      column('revenue', 'NUMERIC'),
      column('currency', 'TEXT'),
    ].map(bare),
    rows: ['Ada Lindqvist', 'Bo Castellanos', 'مريم الزهراء', 'Zoë 🌷 Ångström'].map((name, i) => [
      `c_001${i}`,
      name,
      ['SE', 'ES', 'EG', 'NO'][i],
      40 - i,
      91_220.5 - 1_000 * i,
      'EUR',
    ]),
  }
}

/** A whole number that JavaScript cannot hold: sent as the engine writes it. */
const bigger =
  '{"columns":[{"name":"bigger","type":"BIGINT"}],"rows":[[9007199254740993]],"n_rows":1,"is_cut":false,"took_ms":1,"error":null}'

const many = {
  columns: [
    column('event_id', 'BIGINT'),
    column('occurred_at', 'TIMESTAMPTZ'),
    column('name', 'TEXT'),
    column('properties', 'TEXT'),
  ].map(bare),
  rows: Array.from({ length: 25_000 }, (_, i) => [
    i + 1,
    `2026-07-01T14:03:${String(i % 60).padStart(2, '0')}.25Z`,
    i % 7 ? 'Product Viewed' : 'Order Completed',
    JSON.stringify({ total: 129 + i, currency: 'EUR', items: [{ sku: 'hub-2', quantity: 1 }] }),
  ]),
}
