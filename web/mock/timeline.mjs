// What did the mock's customers do, event by event?
import { allCustomers } from './customers.mjs'
import { draws } from './random.mjs'
import { backend, iso, products, web } from './shop.mjs'

export function timeline(id, n, now, query) {
  const row = allCustomers(n, now).find((c) => c.id === id)
  if (!row) return null
  const from = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 100)
  const events = []
  let i = from
  for (; i < row.n_events && events.length < limit; i += 1) {
    const event = timelineEvent(row, i)
    if (fits(event, query)) events.push(event)
  }
  return { items: events, next_cursor: i < row.n_events ? String(i) : null }
}

function fits(event, query) {
  const is = (key) => !query.get(key) || event[key] === query.get(key)
  const { since, until, text } = Object.fromEntries(query)
  const inWindow = (!since || event.occurred_at >= since) && (!until || event.occurred_at < until)
  const says = !text || JSON.stringify(event).toLowerCase().includes(text.toLowerCase())
  return is('kind') && is('name') && inWindow && says
}

const pages = [
  '/',
  '/hubs',
  '/cameras',
  '/cameras/outdoor-pro',
  '/plans',
  '/support/pairing',
  '/basket',
]

export function timelineEvent(row, i) {
  const r = draws(Number(row.id.slice(2)) * 1000 + i)
  const session = Math.floor(i / 9)
  const at = Date.parse(row.last_seen) - session * 19 * 3_600_000 - (i % 9) * 70_000
  const p = r.pick(products)
  const made = [
    () => ['track', 'Product Viewed', { ...p, price: p.price / 100, currency: 'EUR' }],
    () => [
      'track',
      'Order Completed',
      {
        order_id: `NL-${20000 - i}`,
        total: 208,
        currency: 'EUR',
        products: products.slice(0, 2).map((x) => ({ ...x, price: x.price / 100, quantity: 1 })),
      },
    ],
    () => [
      'track',
      'Email Opened',
      { campaign: 'Spring refresh', subject: 'Your outdoor camera sees more this spring' },
    ],
    () => ['track', 'Product Added', { ...p, price: p.price / 100, quantity: 1 }],
    () => ['identify', 'Identify', {}],
    () => ['track', 'Device Paired', { device: 'cam-out', firmware: '4.1.2', seconds: 41 }],
    () => ['track', 'Products Searched', { query: 'outdoor camera battery' }],
  ]
  const path = r.pick(pages)
  const [kind, name, properties] =
    i % 9 < 6
      ? [
          'page',
          'Page Viewed',
          {
            path,
            url: `https://northlight.example${path}`,
            title: path === '/' ? 'Northlight Home' : path.slice(1),
          },
        ]
      : made[(i + session) % made.length]()
  return {
    seq: `p_${row.id.slice(2)}.${row.n_events - i}`,
    occurred_at: iso(at),
    received_at: iso(at + 900),
    kind,
    name,
    source: kind === 'track' && name.startsWith('Order') ? backend : web,
    came_under: row.is_known
      ? { kind: 'user_id', value: `nl-${row.id.slice(2)}` }
      : { kind: 'anonymous_id', value: `5f3c${row.id.slice(2)}` },
    message_id: `ajs-next-${i}-${row.id}`,
    properties,
    traits: kind === 'identify' ? { plan: 'plus', email: row.email } : {},
    context: {
      ip: '203.0.113.9',
      locale: 'de-DE',
      page: { path },
      library: { name: 'analytics.js', version: 'npm:next-1.84.3' },
    },
  }
}
