// Who belongs to whom in the mock: referrals, mentions, households, influence?
import { allCustomers, DAY } from './customers.mjs'
import { backend, iso, web } from './shop.mjs'

const notFound = (what) => [
  404,
  { error: { kind: 'not_found', message: `There is no such ${what}.`, hint: null, field: null } },
]

export const relationRoutes = [
  ['GET /api/customers/*/relations', relations],
  ['GET /api/customers/*/influence', influence],
  ['GET /api/influencers', influencers],
  ['DELETE /api/customers/*/households/*', (call) => move(call, true)],
  ['PUT /api/customers/*/households/*', (call) => move(call, false)],
]

/** Known customers beside this one, always the same; every third customer has none. */
function circleOf(world, id, now) {
  const known = allCustomers(world.customers, now).filter((c) => c.is_known)
  const at = known.findIndex((c) => c.id === id)
  if (at < 0 || at % 3 === 2) return []
  const beside = known.filter((_, i) => i !== at)
  const n = at === 0 ? 14 : at % 3 === 0 ? 6 : 2
  return beside.slice(at % Math.max(1, beside.length - n)).slice(0, n)
}

function relation(kind, from, to, n, at, more = {}) {
  return {
    kind,
    from,
    to,
    first_at: iso(at),
    last_at: iso(at + DAY),
    n,
    said_by: 'inward',
    code: null,
    source: web,
    message_id: `m_${from}${to}`,
    ...more,
  }
}

function relations({ world, args: [id], now }) {
  const me = allCustomers(world.customers, now).find((c) => c.id === id)
  if (!me) return notFound('customer')
  const [first, second, ...rest] = circleOf(world, id, now)
  const at = Date.parse(me.last_seen) - 200 * DAY
  const edges = [
    first && relation('referral', first.id, id, 1, at, { code: 'FRIEND-71' }),
    second && relation('mention', id, second.id, 3, at + 9 * DAY, { said_by: 'outward' }),
    first && second && relation('mention', second.id, first.id, 1, at + 20 * DAY),
    ...rest.map((other, i) =>
      relation(i % 4 === 3 ? 'mention' : 'referral', id, other.id, 1, at + (30 + i) * DAY, {
        code: i % 4 === 3 ? null : 'ADA-7',
        source: i % 2 ? backend : web,
      }),
    ),
  ].filter(Boolean)
  const people = [me, first, second, ...rest].filter(Boolean)
  return {
    customer_id: id,
    people,
    relations: edges,
    n_related: people.length - 1 + (people.length > 12 ? 120 : 0),
    waiting: rest.length
      ? [
          {
            kind: 'referral',
            said_by: 'outward',
            identifier: { kind: 'email', value: 'somebody.new@example.org' },
            code: null,
            first_at: iso(at),
            n: 1,
          },
        ]
      : [],
    n_own: 0,
    codes: rest.length ? [{ code: 'ADA-7', is_theirs: true, at: iso(at) }] : [],
    households: second ? [household(world, me, second, now)] : [],
    freshness_at: iso(now),
  }
}

const KEY = 'a0123456789abcdef0123456789abcdef'

function household(world, me, other, now) {
  const out = (world.movedOut ??= new Set())
  const named = [other].filter((c) => !out.has(c.id))
  const removed = [me, other].filter((c) => out.has(c.id))
  return {
    key: KEY,
    rule: 'address',
    evidence: 'Lindqvist, Storgata 5, 0150, Oslo',
    source: null,
    is_member: !out.has(me.id),
    is_too_large: false,
    people: named,
    removed: removed.map((customer) => ({ customer, at: iso(now), by: world.user.email })),
  }
}

function move({ world, args: [id, key] }, out) {
  if (key !== KEY) return notFound('household')
  world.movedOut ??= new Set()
  if (out) world.movedOut.add(id)
  else world.movedOut.delete(id)
  return [204]
}

const estimate = {
  n: 10,
  n_ordered: 6,
  expected: 2,
  extra: 4,
  low: 0.9926,
  high: 6.4121,
  level: 0.95,
}

function influence({ world, args: [id], query, now }) {
  const rest = circleOf(world, id, now).slice(2)
  const counts = rest.length >= 10
  return {
    customer_id: id,
    version: 1,
    window_days: Number(query.get('window_days') ?? 30),
    estimate: counts ? estimate : null,
    not_estimable: counts
      ? null
      : {
          reason: 'too_few_units',
          words: `${Math.max(0, rest.length - 1)} people can be compared so far, and at least 5 are needed`,
          n: Math.max(0, rest.length - 1),
          needed: 5,
        },
    pairs: rest.map((customer, i) => pairOf(customer, i, now)),
    n_group: 1_843,
    freshness_at: iso(now),
  }
}

function pairOf(customer, i, now) {
  const open = i === 0
  return {
    customer,
    kind: 'referral',
    at: iso(now - (open ? 4 : 60 + i) * DAY),
    said_by: 'inward',
    verdict: open ? 'open' : 'counts',
    words: open
      ? 'The 30 days are not over yet.'
      : `${i % 2 ? 'Ordered' : 'Did not order'} within 30 days; 20.0 % of 412 comparable people did.`,
    since: open ? null : iso(now - (60 + i) * DAY),
    ordered: open ? null : i % 2 === 1,
    base_rate: open ? null : 0.2,
    n_compared: open ? null : 412,
  }
}

function influencers({ world, query, now }) {
  const known = allCustomers(world.customers, now).filter((c) => c.is_known)
  return {
    version: 1,
    window_days: Number(query.get('window_days') ?? 30),
    items: known.slice(0, 7).map((customer, i) => ({
      customer,
      estimate: {
        ...estimate,
        extra: 4 - i,
        low: 1 - i,
        high: 6.4 - i,
        n_ordered: 6 - Math.min(5, i),
      },
    })),
    n_too_few: known.length ? 31 : 0,
    n_group: known.length ? 1_843 : 0,
    is_partial: false,
    freshness_at: iso(now),
  }
}
