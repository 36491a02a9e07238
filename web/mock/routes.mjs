// Which call of the API does the mock know, and what does it do?
import { accountRoutes } from './accounts.mjs'
import { alertRoutes } from './alerts.mjs'
import { boardRoutes, sharedRoutes } from './boards.mjs'
import { catalogueRoutes } from './catalogue.mjs'
import { allCustomers, listCustomers } from './customers.mjs'
import { decisionRoutes } from './decisions.mjs'
import { originOf } from './identity.mjs'
import { identityRuleRoutes } from './identityRules.mjs'
import { insightRoutes } from './insightAnswers.mjs'
import { linkageRoutes } from './linkage.mjs'
import { timeline, timelineEvent } from './timeline.mjs'
import { debugDetail, debugEvent, debugList } from './debugger.mjs'
import { home } from './home.mjs'
import { privacyRoutes, rowsToSee, withPrivacy } from './privacy.mjs'
import { relationRoutes } from './relations.mjs'
import { pageSeen, traitRoutes } from './traitRoutes.mjs'
import { newSource, observed, planState, rejects } from './listen.mjs'
import { segmentRoutes } from './segments.mjs'
import { sqlRoutes } from './sql.mjs'
import { metricRoutes } from './metrics.mjs'
import { moveOn, uploadRoutes } from './uploads.mjs'

const error = (status, kind, message, hint = null, field = null) => [
  status,
  { error: { kind, message, hint, field } },
]
const notFound = (what) => error(404, 'not_found', `There is no such ${what}.`)
const found = (value, what) => value ?? notFound(what)
const iso = (ms) => new Date(ms).toISOString()
const cookie = (value) => ({
  'set-cookie': `rapport_session=${value}; Path=/; HttpOnly; SameSite=Lax`,
})

function route(line, run, open = false) {
  const [method, path] = line.split(' ')
  return { method, pattern: new RegExp(`^${path.replaceAll('*', '([^/]+)')}$`), run, open }
}

const session = [
  route(
    'GET /api/session',
    ({ world, request }) => ({
      user: /rapport_session=mock/.test(request.headers.cookie ?? '') ? world.user : null,
      first_run: false,
      version: '0.1.0',
    }),
    true,
  ),
  route(
    'POST /api/session',
    ({ world, body, response }) => {
      if (body.password !== 'correct horse')
        return error(
          401,
          'unauthenticated',
          'The e-mail address and the password do not belong together.',
          'Check both; capital letters count in the password.',
        )
      for (const [k, v] of Object.entries(cookie('mock'))) response.setHeader(k, v)
      return { user: world.user }
    },
    true,
  ),
  route('DELETE /api/session', ({ response }) => {
    response.setHeader('set-cookie', cookie('')['set-cookie'])
    return [204]
  }),
  route(
    'GET /api/invites/*',
    ({ args: [token], now }) => {
      const common = { expires_at: iso(now + 3_600_000) }
      if (token === 'first')
        return { purpose: 'first_admin', email: null, role: 'admin', ...common }
      if (token === 'invited')
        return { purpose: 'invite', email: 'new@northlight.example', role: 'marketer', ...common }
      if (token === 'reset')
        return {
          purpose: 'password_reset',
          email: 'ada@northlight.example',
          role: 'admin',
          ...common,
        }
      return error(404, 'not_found', 'This link has been used or has expired.')
    },
    true,
  ),
  route(
    'POST /api/invites/*',
    ({ world, body, response }) => {
      if (body.password.length < 10)
        return error(
          400,
          'invalid',
          'The password is too short.',
          'Use at least 10 characters.',
          'password',
        )
      response.setHeader('set-cookie', cookie('mock')['set-cookie'])
      return { user: { ...world.user, name: body.name, email: body.email } }
    },
    true,
  ),
]

const sourceOf = (world, id) => world.sources.find((source) => source.id === id)

const listen = [
  route('GET /api/home', ({ world, now }) => home(world.sources, world.customers, now)),
  route('GET /api/sources', ({ world }) => ({ items: world.sources })),
  route('POST /api/sources', ({ world, body, now }) => {
    if (!body.name?.trim()) return error(400, 'invalid', 'A source needs a name.', null, 'name')
    const source = newSource(body, world.sources.length, now)
    world.sources.push(source)
    return source
  }),
  route('GET /api/sources/*', ({ world, args: [id] }) => found(sourceOf(world, id), 'source')),
  route('PATCH /api/sources/*', ({ world, args: [id], body }) => {
    const source = sourceOf(world, id)
    return source ? Object.assign(source, body) : notFound('source')
  }),
  route('DELETE /api/sources/*', ({ world, args: [id] }) => {
    world.sources = world.sources.filter((source) => source.id !== id)
    return [204]
  }),
  route('POST /api/sources/*/rotate_key', ({ world, args: [id] }) =>
    Object.assign(sourceOf(world, id), {
      write_key: `wk_${id.slice(2)}_${Date.now().toString(36)}Rotated`,
    }),
  ),
  route('GET /api/sources/*/plan', ({ world, args: [id], now }) =>
    planState(sourceOf(world, id), now),
  ),
  route('PUT /api/sources/*/plan', ({ world, args: [id], body, now }) => {
    const source = Object.assign(sourceOf(world, id), {
      plan_mode: body.mode,
      has_plan: body.plan !== null,
    })
    return planState(source, now)
  }),
  route('POST /api/sources/*/plan/pin', ({ world, args: [id], now }) =>
    planState(Object.assign(sourceOf(world, id), { has_plan: observed !== null }), now),
  ),
  route('GET /api/debugger', ({ world, query, now }) => debugList(query, world.debug, now)),
  route('GET /api/debugger/stream', ({ world, query, response, request }) =>
    stream(response, request, 900, (n) => {
      const event = world.collected.shift() ?? (world.debug ? debugEvent(-n, Date.now()) : null)
      if (!event) return null
      const wanted =
        (!query.get('status') || event.status === query.get('status')) &&
        (!query.get('source') || event.source.id === query.get('source'))
      return wanted ? ['debug', { ...event, received_at: iso(Date.now()) }] : null
    }),
  ),
  route('GET /api/debugger/*', ({ args: [seq], now }) => debugDetail(seq, now)),
  route('GET /api/imports', ({ world }) => ({ items: world.imports })),
  route('GET /api/imports/stream', ({ world, response, request }) =>
    stream(response, request, 800, () => {
      const running = world.imports.find((i) => i.state === 'running')
      if (!running) return null
      if (running.upload_id) {
        moveOn(world, running)
        return ['import', running]
      }
      running.n_rows_done = Math.min(running.n_rows_total, running.n_rows_done + 900)
      running.resume_row = running.n_rows_done
      running.bytes_done = Math.round(
        (running.bytes_total * running.n_rows_done) / running.n_rows_total,
      )
      running.n_events = running.n_rows_done - 12
      return ['import', running]
    }),
  ),
  route('GET /api/imports/*/rejects', ({ query }) => rejects(query)),
]

const collect = [
  route('POST /v1/track', ({ world, request, body, now }) => {
    const key = atob((request.headers.authorization ?? '').replace('Basic ', '')).split(':')[0]
    const source = world.sources.find((s) => s.write_key === key)
    if (!source) return error(401, 'unauthenticated', 'No source has this write key.')
    source.last_event_at = iso(now)
    source.n_24h += 1
    world.collected.push({
      ...debugEvent(4, now),
      name: body.event,
      status: 'accepted',
      refusals: [],
      source,
    })
    return { success: true, status: 1 }
  }),
]

const know = [
  route('GET /api/customers', ({ world, query, now }) =>
    listCustomers(query, rowsToSee(world, world.rows(now))),
  ),
  route('GET /api/customers/*', ({ world, args: [id], now }) =>
    found(withPrivacy(world, pageSeen(world, id, now)), 'customer'),
  ),
  route('GET /api/customers/*/events', ({ world, args: [id], query, now }) =>
    found(timeline(originOf(id), world.customers, now, query), 'customer'),
  ),
  route('GET /api/customers/*/stream', ({ world, args: [id], response, request, now }) => {
    const row = allCustomers(world.customers, now).find((c) => c.id === originOf(id))
    stream(response, request, 4000, (n) => [
      'timeline',
      {
        ...timelineEvent(row, n),
        seq: `live.${n}`,
        occurred_at: iso(Date.now()),
        received_at: iso(Date.now()),
      },
    ])
  }),
]

const settings = [
  route('GET /api/users', ({ world }) => ({ items: world.users })),
  route('POST /api/users/invite', ({ world, body, request, now }) => {
    if (world.users.some((u) => u.email === body.email))
      return error(
        409,
        'conflict',
        'Somebody with this e-mail address is here already.',
        'Look for them in the list; a disabled user can be let in again.',
        'email',
      )
    return {
      invite_url: `http://${request.headers.host}/invite/invited`,
      expires_at: iso(now + 7 * 86_400_000),
    }
  }),
  route('PATCH /api/users/*', ({ world, args: [id], body }) =>
    Object.assign(
      world.users.find((u) => u.id === id),
      body,
    ),
  ),
  route('POST /api/users/*/reset', ({ request }) => ({
    invite_url: `http://${request.headers.host}/invite/reset`,
  })),
  route('GET /api/tokens', ({ world }) => ({ items: world.tokens })),
  route('POST /api/tokens', ({ world, body, now }) => {
    const token = {
      id: `t_${Date.now()}`,
      ...body,
      created_by: world.user.name,
      created_at: iso(now),
      last_used_at: null,
    }
    world.tokens.push(token)
    return { ...token, token: 'rpt_8Jq2vN5tXw7RkLmP4cHy8uQb1TfGdK' }
  }),
  route('DELETE /api/tokens/*', ({ world, args: [id] }) => {
    world.tokens = world.tokens.filter((t) => t.id !== id)
    return [204]
  }),
  route('GET /api/audit', ({ world, query }) => {
    const from = Number(query.get('cursor') ?? 0)
    return {
      items: world.audit.slice(from, from + 100),
      next_cursor: from + 100 < world.audit.length ? String(from + 100) : null,
    }
  }),
  route('GET /api/about', ({ world }) => ({
    version: '0.1.0',
    commit: '4e1f0a2',
    data_dir_bytes: { log: 812_000_000, state: 143_000_000, history: 391_000_000 },
    n_customers: world.customers,
    n_events: world.customers * 212,
    uptime_seconds: 93_210,
    log: { kind: 'sqlite' },
    state: { kind: 'sqlite' },
    history: { kind: 'local disk' },
    store_ip_default: true,
    disk_free_bytes: 48_200_000_000,
  })),
]

/** Server-sent events until the other side goes away. */
function stream(response, request, everyMs, next) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write(': hello\n\n')
  if (!everyMs) return
  let n = 0
  const timer = setInterval(() => {
    n += 1
    const message = next(n)
    if (message) response.write(`event: ${message[0]}\ndata: ${JSON.stringify(message[1])}\n\n`)
  }, everyMs)
  request.on('close', () => clearInterval(timer))
}

const more = [
  ...accountRoutes,
  ...relationRoutes,
  ...decisionRoutes,
  ...identityRuleRoutes,
  ...linkageRoutes,
  ...traitRoutes,
  ...sqlRoutes,
  ...boardRoutes,
  ...metricRoutes,
  ...alertRoutes,
  ...catalogueRoutes,
  ...insightRoutes,
  ...[...uploadRoutes, ...privacyRoutes, ...segmentRoutes],
].map(([line, run]) => route(line, run))

const open = sharedRoutes.map(([line, run]) => route(line, run, true))

export const routes = [...session, ...open, ...listen, ...collect, ...know, ...more, ...settings]
