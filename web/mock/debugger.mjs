// Which events pass through the mock's debugger, and what became of them?
import { draws } from './random.mjs'

const iso = (ms) => new Date(ms).toISOString()

const names = [
  'Page Viewed',
  'Page Viewed',
  'Product Viewed',
  'Page Viewed',
  'Product Added',
  'Order Completed',
  'Device Paired',
  'Identify',
]
const statuses = [
  'accepted',
  'accepted',
  'accepted',
  'accepted',
  'accepted',
  'flagged',
  'accepted',
  'accepted',
  'refused',
  'accepted',
  'duplicate',
]
const refusals = {
  refused: [
    {
      reason: 'missing',
      field: 'userId',
      message: 'userId and anonymousId are both missing: an event needs one of them',
    },
  ],
  flagged: [
    {
      reason: 'wrong_type',
      field: 'properties.price',
      message: 'price is a string ("129"), the plan expects a number',
    },
  ],
}

export function debugEvent(i, now) {
  const r = draws(i + 99)
  const name = r.pick(names)
  const status = r.pick(statuses)
  const source = r.pick([
    { id: 's_0001', name: 'Web shop' },
    { id: 's_0001', name: 'Web shop' },
    { id: 's_0002', name: 'Order system' },
    { id: 's_0003', name: 'Northlight app' },
  ])
  const refused = status === 'refused'
  return {
    seq: `p_${String(100_000 - i).padStart(6, '0')}.${i % 10}`,
    received_at: iso(now - i * 1_700),
    occurred_at: refused ? null : iso(now - i * 1_700 - 800),
    source,
    kind: name === 'Page Viewed' ? 'page' : name === 'Identify' ? 'identify' : 'track',
    name: refused && i % 3 === 0 ? null : name,
    status,
    customer_id: refused ? null : `c_${String(1 + (i % 900)).padStart(5, '0')}`,
    came_under: refused
      ? null
      : {
          kind: i % 3 ? 'anonymous_id' : 'user_id',
          value: i % 3 ? `5f3c-${1000 + i}-9a41` : `nl-${1000 + i}`,
        },
    message_id: `ajs-next-${1763000000 + i}`,
    refusals: refusals[status] ?? [],
  }
}

export function debugList(query, n, now) {
  const wanted = (e) =>
    (!query.get('source') || e.source.id === query.get('source')) &&
    (!query.get('kind') || e.kind === query.get('kind')) &&
    (!query.get('status') || e.status === query.get('status')) &&
    (!query.get('text') ||
      JSON.stringify(e).toLowerCase().includes(query.get('text').toLowerCase()))
  const all = Array.from({ length: n }, (_, i) => debugEvent(i, now)).filter(wanted)
  const from = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 100)
  return {
    items: all.slice(from, from + limit),
    next_cursor: from + limit < all.length ? String(from + limit) : null,
  }
}

export function debugDetail(seq, now) {
  const i = 100_000 - Number(/p_(\d+)/.exec(seq)?.[1] ?? 100_000)
  const event = { ...debugEvent(i, now), seq }
  return {
    ...event,
    raw: {
      type: event.kind,
      event: event.name,
      messageId: event.message_id,
      anonymousId: event.came_under?.value,
      properties: {
        product_id: 'hub-2',
        price: event.status === 'flagged' ? '129' : 129,
        currency: 'EUR',
        url: 'https://northlight.example/hubs?utm_source=newsletter',
      },
      context: {
        library: { name: 'analytics.js', version: 'npm:next-1.84.3' },
        locale: 'de-DE',
        userAgent: 'Mozilla/5.0 (Macintosh) Firefox/142.0',
      },
    },
    raw_expired: false,
    understood:
      event.status === 'refused'
        ? null
        : {
            kind: event.kind,
            name: event.name,
            occurred_at: event.occurred_at,
            came_under: event.came_under,
            properties: { product_id: 'hub-2', price: 129 },
          },
    delivery: {
      dialect: 'segment',
      sent_at: event.received_at,
      ip: '203.0.113.9',
      user_agent: 'Mozilla/5.0 (Macintosh) Firefox/142.0',
      agent: { browser: 'Firefox 142', os: 'macOS', device: 'pc' },
    },
  }
}
