// Whom does the mock tell of which number, and what was told?
const iso = (ms) => new Date(ms).toISOString()
const HOUR = 3_600_000
const DAY = 24 * HOUR
const refusal = (status, kind, message, hint = null, field = null) => [
  status,
  { error: { kind, message, hint, field } },
]
const notFound = () => refusal(404, 'not_found', 'There is no such alert.')
const utc = { time_zone: 'UTC', weeks_begin_on_sunday: false }

const judgement = (now, days, value, fires, words) => ({
  span: iso(now - days * DAY).slice(0, 10),
  from: iso(now - (days + 1) * DAY),
  until: iso(now - days * DAY),
  value,
  expected: 412,
  low: 330,
  high: 505,
  fires,
  words,
})

function newAlerts(world, now) {
  if (!world.customers) return { all: [], firings: [], seen: 0 }
  const common = {
    clock: utc,
    owner: 'Ada Lindqvist',
    changed_at: iso(now - 12 * DAY),
    changed_by: 'Ada Lindqvist',
  }
  const all = [
    {
      ...{ id: 'w_0001', version: 1, metric: 'orders', grain: 'day', is_on: true, ...common },
      when: { kind: 'unusual', sensitivity: 'normal' },
      webhook: { url: 'https://hooks.northlight.example/rapport', secret: null },
      words: 'orders of a day is unusual',
      last: judgement(now, 0, 431, false, 'Orders were 431; 330 to 505 would be usual.'),
    },
  ]
  const firing = (id, days, value, words, delivery) => ({
    ...{ id, alert: 'w_0001', metric: 'orders', metric_version: 1, at: iso(now - days * DAY) },
    ...judgement(now, days, value, true, words),
    delivery,
  })
  const attempt = (days, status, message) => ({ at: iso(now - days * DAY), status, message })
  const firings = [
    firing('f_0002', 2, 211, 'Orders were 211 on Friday; 330 to 505 would be usual.', {
      delivered_at: null,
      next_at: iso(now + HOUR),
      attempts: [attempt(2, 503, 'it answered 503')],
    }),
    firing('f_0001', 9, 640, 'Orders were 640 on a Friday; 330 to 505 would be usual.', {
      delivered_at: iso(now - 9 * DAY),
      next_at: null,
      attempts: [attempt(9, 200, 'it answered 200')],
    }),
  ]
  return { all, firings, seen: 1 }
}

function alertsOf(world, now = Date.now()) {
  world.alerts ??= newAlerts(world, now)
  return world.alerts
}

const find = (world, id) => alertsOf(world).all.find((alert) => alert.id === id)
const secret = 'whsec_bW9jay1zZWNyZXQtb2YtdGhlLW1vY2s='

function create({ world, body, now }) {
  const { all } = alertsOf(world, now)
  const alert = {
    ...{ id: `w_${String(all.length + 1).padStart(4, '0')}`, version: 1, last: null },
    ...body,
    words: `${body.metric} of a ${body.grain}`,
    owner: world.user.name,
    changed_at: iso(now),
    changed_by: world.user.name,
    webhook: body.webhook && { url: body.webhook.url, secret: null },
  }
  all.unshift(alert)
  return alert.webhook ? { ...alert, webhook: { ...alert.webhook, secret } } : alert
}

function change({ world, args: [id], body, now }) {
  const alert = find(world, id)
  if (!alert) return notFound()
  if (alert.version !== body.version)
    return refusal(
      409,
      'conflict',
      'The alert was changed by somebody else meanwhile.',
      'Read it again.',
    )
  const isNew = body.webhook && body.webhook.url !== alert.webhook?.url
  Object.assign(alert, body, {
    version: alert.version + 1,
    changed_at: iso(now),
    changed_by: world.user.name,
    webhook: body.webhook && { url: body.webhook.url, secret: null },
  })
  return isNew ? { ...alert, webhook: { ...alert.webhook, secret } } : alert
}

function firings({ world, query, now }) {
  const { firings: all, seen } = alertsOf(world, now)
  const told = all.map((one, at) => ({ ...one, seen_by_me: all.length - at <= seen }))
  const own = told.filter(({ alert }) => !query.get('alert') || alert === query.get('alert'))
  const n = Number(query.get('limit') ?? 100)
  return {
    firings: own.slice(0, n),
    next_cursor: null,
    n_unseen: told.filter(({ seen_by_me }) => !seen_by_me).length,
  }
}

export const alertRoutes = [
  ['GET /api/alerts', ({ world, now }) => ({ alerts: alertsOf(world, now).all })],
  ['POST /api/alerts', create],
  ['GET /api/alerts/firings', firings],
  [
    'POST /api/alerts/firings/seen',
    ({ world }) => {
      alertsOf(world).seen = alertsOf(world).firings.length
      return [204]
    },
  ],
  ['PUT /api/alerts/*', change],
  [
    'DELETE /api/alerts/*',
    ({ world, args: [id] }) => {
      alertsOf(world).all = alertsOf(world).all.filter((alert) => alert.id !== id)
      return [204]
    },
  ],
  [
    'POST /api/alerts/*/test',
    ({ world, args: [id], now }) => {
      const alert = find(world, id)
      if (!alert) return notFound()
      return {
        judgement: judgement(now, 0, 431, false, 'Orders were 431; 330 to 505 would be usual.'),
        delivery: alert.webhook && { at: iso(now), status: 200, message: 'it answered 200' },
      }
    },
  ],
]
