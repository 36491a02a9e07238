// What does the mock find in an uploaded file, and which mapping does it propose?
const field = (column) => ({ column, value: null, as: null, prefix: null })
const rule = (more) => ({
  call: 'track',
  name: null,
  name_column: null,
  when: [],
  negate: false,
  skip: false,
  properties: {},
  ...more,
})
const shapes = ['customers', 'orders', 'order_lines', 'event_log', 'segment_events', 'unknown']
const isTime = (name) => /date|since|when|time/.test(name)

export function lookAt(upload, asked, wired, world) {
  const has = (pattern) => upload.names.find((name) => pattern.test(name))
  const shape_found = has(/order/) ? 'orders' : 'customers'
  const shape = asked ?? shape_found
  const before = world.imports.filter(
    (item) => item.file_name === upload.file_name && item.id !== upload.import_id,
  )
  return {
    upload: wired,
    form: { format: 'csv', delimiter: ',', encoding: 'utf-8', heading: true },
    columns: upload.names.map((name, i) => column(name, upload.rows, i)),
    n_rows_seen: upload.rows.length,
    n_rows_bad: 0,
    n_rows: null,
    shape_found,
    shape,
    shapes: shapes.map((one) => ({ shape: one, words: one })),
    confidence: has(/mail/) ? 'high' : 'low',
    reasons: upload.names.filter((name) => /mail/.test(name)).map(reasonOf),
    warnings: warningsOf(upload, shape),
    proposed: proposed(upload, shape, has),
    tried: upload.tried,
    before,
  }
}

function reasonOf(name) {
  return {
    part: 'customer.email',
    column: name,
    confidence: 'high',
    words: `'${name}' points to the customer: its name says so, and it holds: e-mail address`,
  }
}

function warningsOf(upload, shape) {
  const isOrder = shape === 'orders'
  return isOrder && !upload.names.includes('currency')
    ? ['No column names the currency: say which it is, else sums have none.']
    : []
}

function column(name, rows, i) {
  const cells = rows.map((row) => row[i] ?? '')
  const filled = cells.filter(Boolean)
  const isTimes = isTime(name)
  const holds = isTimes
    ? 'time (%d/%m/%Y, or %m/%d/%Y)'
    : /mail/.test(name)
      ? 'e-mail address'
      : filled.every((cell) => /^[\d.]+$/.test(cell))
        ? 'number'
        : 'text'
  return {
    name,
    holds,
    time_format: isTimes ? '%d/%m/%Y' : null,
    time_rival: isTimes ? '%m/%d/%Y' : null,
    n_seen: cells.length,
    n_empty: cells.length - filled.length,
    n_distinct: new Set(filled).size,
    examples: [...new Set(filled)].slice(0, 5),
  }
}

function proposed(upload, shape, has) {
  const email = has(/mail/)
  const phone = has(/phone/)
  const order = has(/order/)
  const total = has(/total|sum/)
  const time = shape === 'customers' ? undefined : upload.names.find(isTime)
  const taken = [email, phone, order, total, time]
  const rest = upload.names.filter((name) => !taken.includes(name))
  const fields = Object.fromEntries(
    rest.map((name) => [name.toLowerCase().replaceAll(' ', '_'), field(name)]),
  )
  const isOrder = shape === 'orders' && order
  return {
    name: upload.file_name.replace(/\..*$/, ''),
    about: null,
    rows: 'cells',
    id: isOrder ? [order] : [],
    file: { format: null, delimiter: null, encoding: null, heading: null },
    customer: {
      user_id: null,
      anonymous_id: null,
      anonymous_always: false,
      email: email ? field(email) : null,
      phone: phone ? field(phone) : null,
    },
    time: time ? { column: time, format: '%d/%m/%Y', zone: 'UTC' } : null,
    group: null,
    order: isOrder
      ? {
          order_id: field(order),
          currency: null,
          total: total ? { ...field(total), as: 'decimal' } : null,
          product: {},
        }
      : null,
    properties: shape === 'customers' ? {} : fields,
    traits: shape === 'customers' ? fields : {},
    rest: null,
    events: [
      shape === 'customers'
        ? rule({ call: 'identify' })
        : rule({ name: isOrder ? 'Order Completed' : 'Row Imported' }),
    ],
  }
}
