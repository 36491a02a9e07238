// What does the mock's house mean by its numbers?
import { trendAnswer } from './insightAnswers.mjs'

const iso = (ms) => new Date(ms).toISOString()
const DAY = 86_400_000
const refusal = (status, kind, message, hint = null, field = null) => [
  status,
  { error: { kind, message, hint, field } },
]
const notFound = () => refusal(404, 'not_found', 'There is no such metric.')

const events = (...names) => ({ events: names, tests: [] })
const counted = (name, is = 'events') => ({ events: events(name), measure: { is } })
const trend = (series, formula = null) => ({ is: 'trend', series, formula })
const revenue = { of: 'property', path: 'revenue' }

function usual() {
  const one = (key, name, note, unit, good, definition, words) => ({
    ...{ key, name, note, unit, good, definition, words },
  })
  const eur = { is: 'money', currency: 'EUR' }
  return [
    one(
      ...['revenue', 'Revenue', 'What orders bring in, as `revenue` of Order Completed says it.'],
      ...[eur, { is: 'up' }],
      trend([{ events: events('Order Completed'), measure: { is: 'sum', of: revenue } }]),
      'sum of revenue in Order Completed',
    ),
    one(
      ...['orders', 'Orders', 'How many orders are completed.', { is: 'events' }, { is: 'up' }],
      trend([counted('Order Completed')]),
      'number of Order Completed',
    ),
    one(
      ...['average-order-value', 'Average order value', 'What an order brings in on average.'],
      ...[eur, { is: 'up' }],
      trend([{ events: events('Order Completed'), measure: { is: 'mean', of: revenue } }]),
      'mean of revenue in Order Completed',
    ),
    one(
      ...['refund-rate', 'Refunded orders', 'Orders refunded for every hundred completed.'],
      ...[{ is: 'percent' }, { is: 'down' }],
      trend([counted('Order Refunded'), counted('Order Completed')], 'A / B * 100'),
      'A / B * 100, where A is the number of Order Refunded, B is the number of Order Completed',
    ),
    one(
      ...['active-customers', 'Active customers', 'How many do anything at all.'],
      ...[{ is: 'customers' }, { is: 'neither' }],
      trend([{ events: events(), measure: { is: 'customers' } }]),
      'customers with any event',
    ),
    one(
      ...['customers-kept', 'Customers who come back', 'Which share is active again a week later.'],
      ...[{ is: 'share' }, { is: 'up' }],
      { is: 'kept', events: events() },
      'share of the customers with any event who have it again in the span after',
    ),
  ]
}

function newMetrics(world, now) {
  const all = usual().map((metric) => ({
    ...metric,
    owner: 'Ada Lindqvist',
    version: 1,
    revision: 1,
    is_archived: false,
    changed_at: iso(now - 40 * DAY),
    changed_by: 'Ada Lindqvist',
  }))
  const first = { ...all[0] }
  Object.assign(all[0], {
    version: 2,
    revision: 3,
    changed_at: iso(now - 6 * DAY),
    changed_by: 'Bo Castellanos',
  })
  all[0].definition = trend([
    {
      events: {
        events: ['Order Completed'],
        tests: [
          { field: { of: 'property', path: 'currency' }, view: 'whole', op: 'is', values: ['EUR'] },
        ],
      },
      measure: { is: 'sum', of: revenue },
    },
  ])
  all[0].words = 'sum of revenue in Order Completed where currency is EUR'
  const versions = Object.fromEntries(all.map((metric) => [metric.key, [versionOf(metric)]]))
  versions[first.key].push(versionOf(first))
  return { all: world.customers ? all : [], versions }
}

const versionOf = ({ version, unit, definition, words, changed_at, changed_by }) => ({
  ...{ version, unit, definition, words, changed_at, changed_by },
})

function metricsOf(world, now = Date.now()) {
  world.metrics ??= newMetrics(world, now)
  return world.metrics
}

const find = (world, key) => metricsOf(world).all.find((metric) => metric.key === key)

function create({ world, body, now }) {
  const key = body.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  if (find(world, key))
    return refusal(409, 'conflict', `There is a metric '${key}' already.`, null, 'key')
  const metric = {
    key,
    note: '',
    owner: world.user.name,
    ...body,
    version: 1,
    revision: 1,
    words: wordsOf(body.definition),
    is_archived: false,
    changed_at: iso(now),
    changed_by: world.user.name,
  }
  metricsOf(world).all.push(metric)
  metricsOf(world).versions[key] = [versionOf(metric)]
  return metric
}

function wordsOf(definition) {
  if (definition.is !== 'trend') return 'share of the customers with any event who have it again'
  if (definition.formula) return definition.formula
  const [{ events: which, measure }] = definition.series
  return `${measure.is} of ${which.events.join(' or ') || 'any event'}`
}

function change({ world, args: [key], body: { revision, ...body }, now }) {
  const metric = find(world, key)
  if (!metric) return notFound()
  if (metric.revision !== revision)
    return refusal(
      409,
      'conflict',
      'The metric was changed by somebody else meanwhile.',
      'Read it again.',
    )
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b)
  const isNew = !same(metric.definition, body.definition) || !same(metric.unit, body.unit)
  Object.assign(metric, body, {
    revision: revision + 1,
    version: metric.version + (isNew ? 1 : 0),
    is_archived: false,
    words: isNew ? wordsOf(body.definition) : metric.words,
    changed_at: iso(now),
    changed_by: world.user.name,
  })
  if (isNew) metricsOf(world).versions[key].unshift(versionOf(metric))
  return metric
}

/** The numbers of a metric: its own line, as series 0. */
export function metricAnswer(world, key, question, now) {
  const metric = find(world, key)
  if (!metric) return null
  const { versions } = metricsOf(world)
  const shown = versions[key].find(({ version }) => version === question.version) ?? metric
  const { definition } = shown
  const asked =
    definition.is === 'trend'
      ? { ...question, series: definition.series, formula: definition.formula }
      : { ...question, series: [], formula: 'kept' }
  const told = trendAnswer(asked, now)
  const isShare = metric.unit.is === 'share'
  const own = (lines) =>
    lines
      .filter(({ series }) => (asked.formula ? series === null : series === 0))
      .map((line) => ({ ...line, series: 0, ...(isShare ? asShares(line) : {}) }))
  const answer = {
    ...told,
    lines: own(told.lines),
    compared: told.compared && { ...told.compared, lines: own(told.compared.lines) },
    explained: { ...told.explained, words: `${metric.name}: ${shown.words}, by ${question.grain}` },
  }
  return { metric: { ...metric, ...versionOf(shown) }, answer }
}

const asShares = ({ points, whole }) => {
  const less = (point) => ({ ...point, value: Math.min(1, point.value / 100) })
  return { points: points.map(less), whole: less(whole) }
}

export const metricRoutes = [
  ['GET /api/metrics', ({ world, now }) => ({ metrics: metricsOf(world, now).all })],
  ['POST /api/metrics', create],
  [
    'GET /api/metrics/usual',
    ({ world, now }) => ({
      metrics: usual().map(({ key, name, note, words }) => ({
        ...{ key, name, note, words },
        is_there: metricsOf(world, now).all.some((metric) => metric.key === key),
      })),
    }),
  ],
  [
    'POST /api/metrics/usual',
    ({ world, now }) => {
      const before = metricsOf(world, now)
      const { all, versions } = newMetrics({ customers: 1 }, now)
      const added = all.filter(({ key }) => !find(world, key))
      before.all.push(...added)
      for (const { key } of added) before.versions[key] = versions[key]
      return { metrics: added }
    },
  ],
  ['GET /api/metrics/*', ({ world, args: [key] }) => find(world, key) ?? notFound()],
  ['PUT /api/metrics/*', change],
  [
    'DELETE /api/metrics/*',
    ({ world, args: [key] }) => {
      const metric = find(world, key)
      if (!metric) return notFound()
      metric.is_archived = true
      metric.revision += 1
      return [204]
    },
  ],
  [
    'GET /api/metrics/*/versions',
    ({ world, args: [key] }) => {
      const versions = metricsOf(world).versions[key]
      return versions ? { versions } : notFound()
    },
  ],
  [
    'POST /api/metrics/*/answer',
    ({ world, args: [key], body, now }) => metricAnswer(world, key, body, now) ?? notFound(),
  ],
]
