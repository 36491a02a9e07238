// What does the mock answer in the privacy centre: requests, suspension, consent, retention?
import { allCustomers } from './customers.mjs'
import { erasureRoutes, isErased } from './erasures.mjs'
import { iso, web } from './shop.mjs'

const DAY = 86_400_000
export const refusal = (status, kind, message, hint = null, field = null) => [
  status,
  { error: { kind, message, hint, field } },
]
const page = (items) => ({ items, next_cursor: null })

const requestRoutes = [
  ['GET /api/privacy/requests', listRequests],
  ['GET /api/privacy/requests/summary', ({ world, now }) => summary(world, now)],
  ['POST /api/privacy/requests', addRequest],
  ['GET /api/privacy/requests/*', withRequest(({ request, now }) => wire(request, now))],
  ['PATCH /api/privacy/requests/*', withRequest(changeRequest)],
]

const suspensionRoutes = [
  ['POST /api/customers/*/suspension', suspend],
  ['DELETE /api/customers/*/suspension', resume],
  ['GET /api/privacy/suspensions', ({ world }) => page(suspended(world))],
]

export const privacyRoutes = [
  ...requestRoutes,
  ...suspensionRoutes,
  ...erasureRoutes,
  ['GET /api/customers/*/export', exported],
  ['GET /api/privacy/retention', ({ world }) => retention(world)],
  ['PUT /api/privacy/retention', putRetention],
  ['POST /api/privacy/retention/preview', previewRetention],
  ['GET /api/privacy/consents', consents],
]

/** A customer's page with whether they are suspended; nobody where they were erased. */
export function withPrivacy(world, customer) {
  if (!customer || isErased(world, customer.id)) return null
  return { ...customer, suspension: suspensions(world).get(customer.id) ?? null }
}

/** The rows of those who are neither erased nor suspended. */
export function rowsToSee(world, rows) {
  return rows.filter((row) => !isErased(world, row.id) && !suspensions(world).has(row.id))
}

// ── Requests ───────────────────────────────────────────────────────────────────────────────
export function requests(world, now = Date.now()) {
  world.requests ??= world.customers ? newRequests(world, now) : []
  return world.requests
}

function newRequests(world, now) {
  const [first, second, third] = allCustomers(world.customers, now)
    .filter((row) => row.is_known && row.name)
    .slice(4)
  const request = (id, kind, days, who, more) => ({
    id,
    kind,
    status: 'open',
    customer_id: who?.id ?? null,
    contact: who?.email ?? null,
    note: '',
    received_at: iso(now - days * DAY),
    due_at: iso(now + (30 - days) * DAY),
    is_extended: false,
    extension_reason: '',
    handled_by: null,
    created_by: 'ada@northlight.example',
    created_at: iso(now - days * DAY),
    closed_at: null,
    outcome: '',
    erasure_id: null,
    ...more,
  })
  return [
    request('q_0001', 'erasure', 33, first, {
      note: 'by letter',
      status: 'in_progress',
      handled_by: 'bo@northlight.example',
    }),
    request('q_0002', 'access', 25, second, {}),
    request('q_0003', 'rectification', 4, null, {
      contact: 'Elm Street 7, Leeds',
      note: 'The street is spelt wrongly.',
    }),
    request('q_0004', 'objection', 70, third, {
      status: 'done',
      closed_at: iso(now - 60 * DAY),
      outcome: 'Unsubscribed from everything.',
    }),
  ]
}

function wire(request, now) {
  const days_left = request.closed_at ? null : Math.floor((Date.parse(request.due_at) - now) / DAY)
  return { ...request, days_left, is_overdue: days_left !== null && days_left < 0 }
}

function named(world, request, now) {
  const row = allCustomers(world.customers, now).find(({ id }) => id === request.customer_id)
  const isGone = isErased(world, request.customer_id)
  return { ...wire(request, now), customer_name: isGone ? null : (row?.name ?? null) }
}

function listRequests({ world, query, now }) {
  const among = (name) => query.get(name)?.split(',').filter(Boolean) ?? []
  const [status, kind] = [among('status'), among('kind')]
  const who = query.get('customer_id')
  const found = requests(world, now).filter(
    (one) =>
      (status.length === 0 || status.includes(one.status)) &&
      (kind.length === 0 || kind.includes(one.kind)) &&
      (!who || one.customer_id === who),
  )
  return page(
    found
      .sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at))
      .map((one) => named(world, one, now)),
  )
}

function summary(world, now) {
  const all = requests(world, now).map((one) => wire(one, now))
  const open = all.filter((one) => one.days_left !== null)
  return {
    n_open: open.length,
    n_overdue: open.filter((one) => one.is_overdue).length,
    n_due_soon: open.filter(({ days_left }) => days_left >= 0 && days_left <= 7).length,
    n_closed: all.length - open.length,
    next_due_at: open[0]?.due_at ?? null,
  }
}

function addRequest({ world, body, now }) {
  const received = Date.parse(body.received_at ?? iso(now))
  if (received > now + 60_000)
    return refusal(400, 'invalid', 'received_at lies in the future', null, 'received_at')
  const request = {
    id: `q_${String(requests(world, now).length + 1).padStart(4, '0')}`,
    kind: body.kind,
    status: 'open',
    customer_id: body.customer_id ?? null,
    contact: body.contact ?? null,
    note: body.note ?? '',
    received_at: iso(received),
    due_at: iso(received + 30 * DAY),
    is_extended: false,
    extension_reason: '',
    handled_by: null,
    created_by: world.user.email,
    created_at: iso(now),
    closed_at: null,
    outcome: '',
    erasure_id: null,
  }
  requests(world).push(request)
  return named(world, request, now)
}

function withRequest(work) {
  return (call) => {
    const request = requests(call.world, call.now).find(({ id }) => id === call.args[0])
    if (!request) return refusal(404, 'not_found', 'there is no such request')
    const done = work({ ...call, request })
    return Array.isArray(done) ? done : named(call.world, request, call.now)
  }
}

function changeRequest({ world, request, body, now }) {
  const isClosing = body.status === 'done' || body.status === 'refused'
  if (body.status === 'refused' && !body.outcome)
    return refusal(400, 'invalid', 'say why it is refused', null, 'outcome')
  Object.assign(request, body, { handled_by: world.user.email })
  if (isClosing) request.closed_at = iso(now)
  if (body.status === 'open' || body.status === 'in_progress') request.closed_at = null
  if (body.extension_reason && !request.is_extended) {
    request.is_extended = true
    request.due_at = iso(Date.parse(request.received_at) + 90 * DAY)
  }
  return wire(request, now)
}

// ── Suspension ─────────────────────────────────────────────────────────────────────────────
function suspensions(world) {
  world.suspensions ??= new Map()
  return world.suspensions
}

function suspended(world) {
  const rows = allCustomers(world.customers, Date.now())
  return [...suspensions(world)].map(([customer_id, suspension]) => ({
    customer_id,
    customer_name: rows.find(({ id }) => id === customer_id)?.name ?? null,
    ...suspension,
  }))
}

function suspend({ world, args: [id], body, now }) {
  const { reason, request_id = null } = body
  const suspension = { since: iso(now), by: world.user.email, reason, request_id }
  suspensions(world).set(id, suspension)
  return suspension
}

function resume({ world, args: [id] }) {
  suspensions(world).delete(id)
  return [204]
}

function exported({ response, query, args: [id] }) {
  const isPage = query.get('format') === 'html'
  response.writeHead(200, {
    'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json',
    ...(query.get('inline')
      ? {}
      : {
          'content-disposition': `attachment; filename="customer-${id}.${isPage ? 'html' : 'json'}"`,
        }),
  })
  response.end(
    isPage
      ? `<!doctype html><title>${id}</title>`
      : JSON.stringify({ format: 'rapport.customer/1' }),
  )
}

// ── Retention and consent ──────────────────────────────────────────────────────────────────
function retention(world) {
  world.retention ??= {
    version: 0,
    rules: [],
    changed_at: null,
    changed_by: null,
    last_run: null,
  }
  return world.retention
}

function putRetention({ world, body, now }) {
  const before = retention(world)
  if (body.version !== before.version)
    return refusal(
      409,
      'conflict',
      'The rules were changed by somebody else meanwhile.',
      'Read them again.',
    )
  world.retention = {
    version: before.version + 1,
    rules: body.rules,
    changed_at: iso(now),
    changed_by: world.user.email,
    last_run: before.last_run,
  }
  return world.retention
}

function previewRetention({ world, body, now }) {
  const n_events_now = world.customers * 212
  const rules = body.rules.map((rule) => {
    const n_go = Math.round(Math.max(0, (500 - rule.days) / 500) * n_events_now * 0.3)
    return { ...rule, n_go, oldest_at: n_go > 0 ? iso(now - 500 * DAY) : null }
  })
  const n_events_go = rules.reduce((sum, { n_go }) => sum + n_go, 0)
  return { n_events_now, n_events_go, rules, at: iso(now) }
}

function consents({ world, now }) {
  const n = world.customers
  const share = (part) => Math.round(n * part)
  const line = (channel, granted, confirmed) => ({
    purpose: 'marketing',
    channel,
    n_granted: share(granted),
    n_pending: share(0.05),
    n_denied: share(0.1),
    n_confirmed: share(confirmed),
    n_without_text: channel === 'sms' ? 12 : 0,
    texts: [
      text('2026-01', share(granted * 0.8), now),
      text(null, share(granted) - share(granted * 0.8), now),
    ],
    sources: [{ source: web, n: share(granted + 0.15) }],
    oldest_at: iso(now - 500 * DAY),
    latest_at: iso(now - 3_600_000),
  })
  return {
    at: iso(now - 20_000),
    n_customers: n,
    n_silent: share(0.2),
    n_suspended: suspensions(world).size,
    items: n ? [line('email', 0.55, 0.5), line('push', 0.3, 0), line('sms', 0.1, 0.1)] : [],
  }
}

function text(text_version, n_granted, now) {
  return {
    text_version,
    n_granted,
    n_pending: 3,
    n_denied: 5,
    first_at: iso(now - 400 * DAY),
    last_at: iso(now - 3_600_000),
  }
}
