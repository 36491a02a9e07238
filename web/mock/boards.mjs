// Which boards has the mock, and what is on them?
import { storedAnswer } from './insightAnswers.mjs'
import { metricAnswer } from './metrics.mjs'
import { noteRoutes } from './notes.mjs'

const iso = (ms) => new Date(ms).toISOString()
const DAY = 86_400_000
const refusal = (status, kind, message, hint = null, field = null) => [
  status,
  { error: { kind, message, hint, field } },
]
const notFound = () => refusal(404, 'not_found', 'There is no such board.')

const period = { kind: 'last', n: 30, grain: 'day', current: false }
const of = (...events) => ({ events, tests: [] })
const metric = (key, more = {}) => ({
  metric: key,
  version: null,
  period,
  grain: 'day',
  compare: 'previous',
  ...more,
})
const trend = (series, more = {}) => ({
  insight: 'trend',
  question: {
    clock: { time_zone: 'Europe/Berlin', weeks_begin_on_sunday: false },
    period,
    compare: null,
    grain: 'day',
    series,
    formula: null,
    breakdown: null,
    ...more,
  },
})
const visitors = { events: of('Page Viewed'), measure: { is: 'customers' } }
const toOrder = {
  insight: 'funnel',
  question: {
    clock: { time_zone: 'Europe/Berlin', weeks_begin_on_sunday: false },
    period,
    steps: [
      of('Product Viewed'),
      of('Product Added'),
      of('Checkout Started'),
      of('Order Completed'),
    ],
    within: 604_800,
  },
}

const card = (id, title, ask, chart, [x, y, w, h], note = null) => ({
  ...{ id, title, note, ask, look: { chart }, place: { x, y, w, h } },
})

const shopCards = () => [
  card('c1', 'Revenue', metric('revenue'), 'number', [0, 0, 4, 2]),
  card('c2', 'Orders', metric('orders'), 'number', [4, 0, 4, 2]),
  card('c3', 'Refunded orders', metric('refund-rate'), 'number', [8, 0, 4, 2]),
  card('c4', 'Revenue by day', metric('revenue'), 'line', [0, 2, 8, 4], 'Whole days only.'),
  card('c5', 'From product to order', toOrder, 'funnel', [8, 2, 4, 4]),
  card(
    'c6',
    'Visitors by channel',
    trend([visitors], {
      breakdown: { by: { of: 'context', path: 'campaign.medium', view: 'whole' }, n_groups: 5 },
    }),
    'bar',
    [0, 6, 12, 4],
  ),
]

const templates = {
  web: ['Web traffic', 'Who comes, from where, and what they look at.', () => shopCards().slice(5)],
  shop: ['Shop', 'Revenue, orders, and where customers turn back.', shopCards],
  subscription: [
    'Subscription',
    'Who stays, who goes, and what they are worth.',
    () => shopCards().slice(0, 4),
  ],
  email: ['E-mail', 'What is sent, opened and clicked.', () => shopCards().slice(3, 5)],
}

function board(world, id, name, note, cards, now) {
  return {
    ...{ id, name, note, cards, version: 1, link: null, is_shared: false },
    owner: world.user.name,
    changed_at: iso(now),
    changed_by: world.user.name,
  }
}

function boardsOf(world, now = Date.now()) {
  world.boards ??= world.customers
    ? [
        board(
          world,
          'b_0001',
          'Shop',
          'Monday’s round: what changed, and why.',
          shopCards(),
          now - 2 * DAY,
        ),
        board(
          world,
          'b_0002',
          'Newsletter of November',
          '',
          shopCards().slice(3, 5),
          now - 9 * DAY,
        ),
      ]
    : []
  return world.boards
}

const gone = (world) => (world.deletedBoards ??= [])

/** That something was deleted, by whom, and until when it can come back. */
export const markOf = (world, now) => ({
  deleted_at: iso(now),
  deleted_by: world.user.name,
  until: iso(now + 30 * DAY),
})

const find = (world, id) => boardsOf(world).find((one) => one.id === id)

function create({ world, body, now }) {
  const [name, note, cards] = templates[body.template] ?? [null, '', () => []]
  const n = boardsOf(world).length + gone(world).length + 1
  const id = `b_${String(n).padStart(4, '0')}`
  const made = board(world, id, body.name ?? name, body.note ?? note, cards(), now)
  boardsOf(world).unshift(made)
  return made
}

function change({ world, args: [id], body, now }) {
  const one = find(world, id)
  if (!one) return notFound()
  if (one.version !== body.version)
    return refusal(
      409,
      'conflict',
      'The board was changed by somebody else meanwhile.',
      'Read it again.',
    )
  const at = body.cards.findIndex(
    ({ ask }) => 'metric' in ask && !metricAnswer(world, ask.metric, ask, now),
  )
  if (at >= 0)
    return refusal(400, 'invalid', 'there is no such metric', null, `cards[${at}].ask.metric`)
  return Object.assign(one, body, {
    version: body.version + 1,
    changed_at: iso(now),
    changed_by: world.user.name,
  })
}

function answered(world, { ask }, now) {
  if (!('metric' in ask)) return { ...storedAnswer(ask, now), metric: null }
  const told = metricAnswer(world, ask.metric, ask, now)
  return told
    ? { insight: 'trend', ...told }
    : refusal(404, 'not_found', 'There is no such metric.')
}

const lineOf = ({ id, name, note, cards, link, owner, changed_at }) => ({
  ...{ id, name, note, owner, changed_at },
  n_cards: cards.length,
  is_shared: link !== null,
})

const shared = (world, token) => boardsOf(world).find(({ link }) => link?.token === token)
const notShared = () => refusal(404, 'not_found', 'This board is not shared.')

export const boardRoutes = [
  ...noteRoutes,
  [
    'GET /api/boards',
    ({ world, now }) => ({
      boards: boardsOf(world, now).map(lineOf),
      deleted: gone(world).map(({ id, name, mark }) => ({ id, name, ...mark })),
    }),
  ],
  [
    'GET /api/boards/templates',
    () => ({
      templates: Object.entries(templates).map(([key, [name, note, cards]]) => ({
        ...{ key, name, note, n_cards: cards().length },
      })),
    }),
  ],
  ['POST /api/boards', create],
  ['GET /api/boards/*', ({ world, args: [id] }) => find(world, id) ?? notFound()],
  ['PUT /api/boards/*', change],
  [
    'DELETE /api/boards/*',
    ({ world, args: [id], now }) => {
      const one = find(world, id)
      if (!one) return notFound()
      world.boards = boardsOf(world).filter((other) => other !== one)
      gone(world).unshift({ ...one, mark: markOf(world, now) })
      return [204]
    },
  ],
  [
    'POST /api/boards/*/restore',
    ({ world, args: [id] }) => {
      const there = gone(world).find((one) => one.id === id)
      if (!there) return find(world, id) ?? notFound()
      const one = { ...there, mark: undefined }
      world.deletedBoards = gone(world).filter((other) => other !== there)
      boardsOf(world).unshift(one)
      return one
    },
  ],
  [
    'POST /api/boards/*/link',
    ({ world, args: [id], now }) => {
      const one = find(world, id)
      one.link = { token: `share-${id}-${now}`, created_at: iso(now) }
      return { ...one.link, path: `/shared/${one.link.token}` }
    },
  ],
  [
    'DELETE /api/boards/*/link',
    ({ world, args: [id] }) => {
      find(world, id).link = null
      return [204]
    },
  ],
]

/** What is there without signing in. */
export const sharedRoutes = [
  [
    'GET /api/shared/*',
    ({ world, args: [token] }) => {
      const one = shared(world, token)
      if (!one) return notShared()
      const { name, note, cards, changed_at } = one
      return { name, note, cards, changed_at }
    },
  ],
  [
    'POST /api/shared/*/cards/*',
    ({ world, args: [token, id], now }) => {
      const found = shared(world, token)?.cards.find((one) => one.id === id)
      return found ? answered(world, found, now) : notShared()
    },
  ],
]
