// What does the mock do when somebody is erased: preview, steps, certificate, tombstones?
import { pageOf } from './identity.mjs'
import { iso } from './shop.mjs'

const STEP_MS = 700
const refusal = (status, kind, message, hint = null) => [
  status,
  { error: { kind, message, hint, field: null } },
]
const steps = [
  ['tables', 'Tables: identifiers, links, profile, requests', 12],
  ['files', 'Files of the history', 4],
  ['log', 'Entries of the log', 9],
  ['free_pages', 'Freed pages of the databases', 2],
  ['verify', 'Every file searched for what must be gone', 31],
]

export const erasureRoutes = [
  ['POST /api/privacy/erasures/preview', preview],
  ['POST /api/privacy/erasures', order],
  ['GET /api/privacy/erasures', ({ world, now }) => list(world, now)],
  ['GET /api/privacy/erasures/*', withErasure(({ erasure }) => erasure)],
  ['GET /api/privacy/erasures/*/certificate', withErasure(certificate)],
  ['POST /api/privacy/erasures/*/lift', withErasure(lift)],
  ['POST /api/privacy/tombstones/check', check],
]

function erasures(world) {
  world.erasures ??= []
  return world.erasures
}

export const isErased = (world, id) =>
  id !== null && erasures(world).some((one) => one.customer_id === id)

function preview({ world, body, now }) {
  const customer = pageOf(world, body.customer_id, now)
  if (!customer || isErased(world, customer.id))
    return refusal(404, 'not_found', 'there is no such customer')
  return {
    customer_id: customer.id,
    name: customer.name,
    n_identifiers: customer.identifiers.length,
    identifiers: customer.identifiers.map(({ kind, value }, i) => ({
      kind,
      value,
      is_shared: i === 1,
    })),
    n_events: customer.n_events,
    n_orders: customer.n_orders_kept,
    n_log_entries: 12,
    n_requests_open: 1,
    is_suspended: false,
    n_decisions: 1,
    n_accounts: customer.accounts.length,
  }
}

function order({ world, body, now }) {
  const customer = pageOf(world, body.customer_id, now)
  if (!customer || isErased(world, customer.id))
    return refusal(404, 'not_found', 'there is no such customer')
  const erasure = {
    id: `p_${String(960 + erasures(world).length).padStart(4, '0')}`,
    customer_id: customer.id,
    begun: now,
    ordered_at: iso(now),
    ordered_by: world.user.email,
    reason: body.reason ?? 'request',
    request_id: body.request_id ?? null,
    n_identifiers: customer.identifiers.length,
    values: customer.identifiers.map(({ kind, value }) => `${kind} ${value}`),
    tombstones: { n: customer.identifiers.length, n_lifted: 0, lifted_at: null, lifted_by: null },
  }
  erasures(world).unshift(erasure)
  closeRequest(world, erasure, now)
  return [202, wire(world, erasure, now)]
}

function closeRequest(world, { id, request_id }, now) {
  const request = world.requests?.find((one) => one.id === request_id)
  if (!request) return
  Object.assign(request, { status: 'done', closed_at: iso(now), erasure_id: id })
  Object.assign(request, { contact: null, note: '', outcome: 'Erased.' })
}

function list(world, now) {
  return { items: erasures(world).map((one) => wire(world, one, now)), next_cursor: null }
}

/** How far it is follows from how long ago it was ordered. */
function wire(world, kept, now) {
  const { begun, values, ...erasure } = kept
  void values
  const at = world.erasures_stand ? 1 : Math.floor((now - begun) / STEP_MS)
  const isDone = at >= steps.length
  return {
    ...erasure,
    state: isDone ? 'done' : at === steps.length - 1 ? 'verifying' : 'erasing',
    carried_out_at: at > 0 ? iso(begun + STEP_MS) : null,
    finished_at: isDone ? iso(begun + steps.length * STEP_MS) : null,
    steps: steps.map(([name, words, n_total], i) => ({
      name,
      words,
      state: i < at ? 'done' : i === at ? 'running' : 'waiting',
      n_done: i < at ? n_total : 0,
      n_total,
    })),
    trouble: null,
    certificate_digest: isDone ? 'a3f1'.repeat(16) : null,
  }
}

function withErasure(work) {
  return (call) => {
    const kept = erasures(call.world).find(({ id }) => id === call.args[0])
    if (!kept) return refusal(404, 'not_found', 'there is no such erasure')
    return work({ ...call, kept, erasure: wire(call.world, kept, call.now) })
  }
}

function certificate({ erasure, now }) {
  if (erasure.state !== 'done')
    return refusal(409, 'conflict', 'the erasure is not finished', 'ask again when it is')
  const { id, customer_id, ordered_at, ordered_by, reason, carried_out_at, finished_at } = erasure
  return {
    format: 'rapport.erasure/1',
    erasure_id: id,
    installation: 'northlight-7f3a',
    customer_id,
    ordered_at,
    ordered_by,
    reason,
    carried_out_at,
    finished_at,
    erased: [
      { place: 'state.identifiers', words: 'Identifiers', n: erasure.n_identifiers },
      { place: 'state.profiles', words: 'Profile with traits and consents', n: 1 },
      { place: 'history', words: 'Events in files', n: 230 },
      { place: 'log', words: 'Entries of the log, written anew without them', n: 9 },
    ],
    kept: [
      { place: 'event_counts', words: 'Counts by hour, source and name, without person' },
      { place: 'tombstones', words: 'Fingerprints of the identifiers, keyed by a secret' },
    ],
    verified: {
      at: iso(now - 1_000),
      n_files: 31,
      n_bytes: 123_456_789,
      n_needles: 5,
      n_found: 0,
      files: [
        { path: 'state.db', how: 'byte by byte', n_files: 3, bytes: 4_096_000 },
        { path: 'history', how: 'unpacked, column by column', n_files: 28, bytes: 119_000_000 },
      ],
      not_covered: ['Copies of the data directory made by others, such as backups of the disk'],
    },
    tombstones: erasure.tombstones.n,
    digest: 'a3f1'.repeat(16),
  }
}

function lift({ world, kept, now }) {
  const { n } = kept.tombstones
  kept.tombstones = { n, n_lifted: n, lifted_at: iso(now), lifted_by: world.user.email }
  return wire(world, kept, now)
}

function check({ world, body }) {
  const found = erasures(world).find(({ values }) => values.includes(`${body.kind} ${body.value}`))
  return {
    is_erased: found !== undefined,
    erased_at: found?.ordered_at ?? null,
    erasure_id: found?.id ?? null,
    is_lifted: found ? found.tombstones.n_lifted > 0 : false,
  }
}
