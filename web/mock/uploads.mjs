// What does the mock do with a file: take it, look at it, try it out, import it?
import { iso } from './shop.mjs'
import { lookAt } from './uploadLook.mjs'

const DAY = 86_400_000
const refusal = (status, kind, message, hint = null, field = null) => [
  status,
  { error: { kind, message, hint, field } },
]
const noUpload = () =>
  refusal(
    404,
    'not_found',
    'there is no such upload; it may have been imported or deleted',
    'upload the file again',
  )

export const uploadRoutes = [
  ['GET /api/uploads', ({ world }) => ({ items: uploads(world).map(wire), next_cursor: null })],
  ['POST /api/uploads', take],
  ['GET /api/uploads/*', withUpload(({ upload }) => wire(upload))],
  ['DELETE /api/uploads/*', withUpload(remove)],
  [
    'GET /api/uploads/*/look',
    withUpload(({ world, upload, query }) =>
      lookAt(upload, query.get('shape'), wire(upload), world),
    ),
  ],
  ['POST /api/uploads/*/preview', withUpload(preview)],
  ['POST /api/uploads/*/import', withUpload(run)],
  ['POST /api/imports/*/stop', stop],
  ['GET /api/imports/*', ({ world, args: [id] }) => world.imports.find((i) => i.id === id)],
]

function uploads(world) {
  world.uploads ??= []
  return world.uploads
}

function wire({ id, file_name, n_bytes, uploaded_at, delete_at, import_id, is_here }) {
  return { id, file_name, n_bytes, uploaded_at, delete_at, import_id, is_here }
}

function withUpload(work) {
  return (call) => {
    const upload = uploads(call.world).find(({ id }) => id === call.args[0])
    return upload ? work({ ...call, upload }) : noUpload()
  }
}

function take({ world, query, body, now }) {
  const file_name = query.get('file_name')
  const text = body.toString()
  if (text.startsWith('\x89PNG') || /^\s*</.test(text)) {
    return refusal(
      400,
      'invalid',
      'the file cannot be imported: it is a web page, no table',
      'save the table as CSV and upload that',
    )
  }
  const [head, ...rows] = text.trim().split(/\r?\n/)
  const upload = {
    id: `f_${(uploads(world).length + 1).toString(16).padStart(32, '0')}`,
    file_name,
    n_bytes: body.length,
    uploaded_at: iso(now),
    delete_at: iso(now + DAY),
    import_id: null,
    is_here: true,
    names: head.split(','),
    rows: rows.map((row) => row.split(',')),
    tried: null,
  }
  uploads(world).unshift(upload)
  return wire(upload)
}

function remove({ world, upload }) {
  world.uploads = uploads(world).filter((one) => one !== upload)
  return [204]
}

function flawOf(upload, mapping) {
  const { customer } = mapping
  if (!mapping.name.trim())
    return { part: 'name', message: 'the import has no name; message ids are made from it' }
  if (!customer.email && !customer.phone && !customer.user_id && !customer.anonymous_id)
    return { part: 'customer', message: 'no column says whose events they are' }
  return null
}

function preview({ upload, body: { mapping }, now }) {
  const flaw = flawOf(upload, mapping)
  upload.tried = mapping
  upload.delete_at = iso(now + DAY)
  const told = flaw ? { events: [], rejects: [] } : tell(upload, mapping, now)
  return {
    flaw,
    n_rows: flaw ? 0 : upload.rows.length,
    is_whole_file: true,
    n_events: told.events.length,
    n_identifiers: new Set(told.events.map(({ identifiers }) => identifiers[0].value)).size,
    n_skipped: 0,
    n_rejected: told.rejects.length,
    events: told.events.slice(0, 20),
    rejects: told.rejects.slice(0, 50),
    columns: upload.names,
    mapping_file: flaw ? null : `name = "${mapping.name}"\n`,
  }
}

function tell(upload, mapping, now) {
  const events = []
  const rejects = []
  const [rule] = mapping.events
  upload.rows.forEach((cells, i) => {
    const cell = (from) => (from ? cells[upload.names.indexOf(from.column)] : '') ?? ''
    const { email, phone, user_id } = mapping.customer
    const identifiers = [
      { kind: 'user_id', value: cell(user_id) },
      { kind: 'email', value: cell(email) },
      { kind: 'phone', value: cell(phone) },
    ].filter(({ kind, value }) => value && (kind !== 'email' || value.includes('@')))
    if (identifiers.length === 0) {
      const reason = `'${cell(email)}' is nobody: the row does not say whose it is`
      return rejects.push({ row: i + 1, column: email?.column ?? null, reason, cells })
    }
    const valuesOf = (fields) =>
      Object.fromEntries(
        Object.entries(fields).flatMap(([name, from]) => (cell(from) ? [[name, cell(from)]] : [])),
      )
    const traits = valuesOf(mapping.traits)
    const properties = valuesOf(mapping.properties)
    events.push({
      row: i + 1,
      kind: rule.call,
      name: rule.name ?? 'Identified',
      occurred_at: iso(now),
      identifiers,
      customer_id: i === 0 ? 'c_0001' : null,
      properties,
      traits,
      raw: { type: rule.call, event: rule.name, traits, properties },
    })
  })
  return { events, rejects }
}

function run({ world, upload, body: { mapping }, now }) {
  const flaw = flawOf(upload, mapping)
  if (flaw) return refusal(400, 'invalid', `the mapping does not fit: ${flaw.message}`)
  const { events, rejects } = tell(upload, mapping, now)
  const known = world.imports.find(({ id }) => id === upload.import_id)
  const item = known ?? {
    id: `im_${1000 + world.imports.length}`,
    file_name: upload.file_name,
    mapping_name: mapping.name,
    n_rows_total: upload.rows.length,
    n_rows_done: 0,
    resume_row: 0,
    n_events: 0,
    n_duplicates: 0,
    n_rejected: 0,
    started_at: iso(now),
    bytes_total: upload.n_bytes,
    bytes_done: 0,
    upload_id: upload.id,
    of: { events: events.length, rejects: rejects.length },
  }
  Object.assign(item, { state: 'running', runs_here: true, finished_at: null, message: null })
  if (!known) world.imports.unshift(item)
  upload.import_id = item.id
  return item
}

/** Moves an import of an upload on; at its end the file is gone, its refused rows are not. */
export function moveOn(world, item) {
  const share = Math.max(1, Math.ceil(item.n_rows_total / 4))
  item.n_rows_done = Math.min(item.n_rows_total, item.n_rows_done + share)
  item.resume_row = item.n_rows_done
  const done = item.n_rows_done / item.n_rows_total
  item.bytes_done = Math.round(item.bytes_total * done)
  item.n_events = Math.round(item.of.events * done)
  item.n_rejected = Math.round(item.of.rejects * done)
  if (done < 1) return
  Object.assign(item, { state: 'done', runs_here: false, finished_at: iso(Date.now()) })
  const upload = uploads(world).find(({ id }) => id === item.upload_id)
  upload.is_here = false
  if (item.n_rejected === 0) {
    item.upload_id = null
    world.uploads = world.uploads.filter((one) => one !== upload)
  }
}

function stop({ world, args: [id], now }) {
  const item = world.imports.find((one) => one.id === id)
  if (!item?.runs_here)
    return refusal(
      409,
      'conflict',
      `import ${id} does not run here`,
      'an import on the command line is stopped there, by Ctrl-C',
    )
  return Object.assign(item, { state: 'stopped', runs_here: false, finished_at: iso(now) })
}
