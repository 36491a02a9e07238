// What does the mock know about one customer?
import { draws } from './random.mjs'
import { allCustomers, DAY } from './customers.mjs'
import { consentOf } from './consents.mjs'
import { evidenceAt, traitsOf } from './traits.mjs'

import { backend, eur, iso, products, web } from './shop.mjs'

export function customerPage(id, n, now) {
  const row = allCustomers(n, now).find((c) => c.id === id)
  if (!row) return null
  const r = draws(Number(id.slice(2)))
  const seen = Date.parse(row.last_seen)
  const orders = ordersOf(row, r, seen)
  const anonymous = {
    kind: 'anonymous_id',
    value: `5f3c${id.slice(2)}-9a41-4c1e-8f0e-77d0c1ab${id.slice(-4)}`,
  }
  const email = row.email ? { kind: 'email', value: row.email } : null
  const user = row.is_known ? { kind: 'user_id', value: `nl-${id.slice(2)}` } : null
  const identifiers = [user, email, anonymous].filter(Boolean)
  const revenue = orders.reduce((sum, o) => sum + (o.total?.minor ?? 0), 0)
  return {
    id,
    canonical_id: id,
    name: row.name ?? row.email,
    sentence: sentenceOf(row, orders),
    certainty: certaintyOf(row),
    is_known: row.is_known,
    first_seen: row.first_seen,
    last_seen: row.last_seen,
    n_events: row.n_events,
    identifiers: identifiers.map((identifier, i) => ({
      id: `i_${id.slice(2)}${i}`,
      ...identifier,
      first_seen: row.first_seen,
      n_events: Math.max(1, Math.round(row.n_events / (i + 2))),
      customer_since: row.first_seen,
      shared: false,
    })),
    links: linksOf(identifiers, row),
    traits: traitsOf(row, seen, user ?? anonymous),
    taken_away: row.is_known
      ? [{ name: 'nickname', by: evidenceAt(seen - 40 * DAY, backend, 'm_nick') }]
      : [],
    ...consentOf(row),
    accounts: row.company
      ? [
          {
            id: 'a_0001',
            key: 'acme',
            name: row.company,
            since: row.first_seen,
            role: { name: 'buyer', at: row.first_seen, source: backend },
            added_by: null,
          },
        ]
      : [],
    totals: orders.length
      ? [
          {
            currency: 'EUR',
            n_orders: orders.length,
            revenue: row.revenue ?? eur(revenue),
            refunded: eur(0),
            n_cancelled: 0,
            average: eur(Math.round(revenue / orders.length)),
          },
        ]
      : [],
    orders: orders.slice(0, 20),
    n_orders_kept: orders.length,
    holdings: orders.length
      ? products.slice(0, 1 + r.below(4)).map((p, i) => ({
          ...p,
          quantity: i === 1 ? 2 : 1,
          since: iso(seen - (200 - i * 40) * DAY),
        }))
      : [],
    messages: row.is_known ? messagesOf(seen) : [],
    counts: [
      { name: 'Page Viewed', n: Math.round(row.n_events * 0.6) },
      { name: 'Product Viewed', n: Math.round(row.n_events * 0.2) },
      ...(orders.length ? [{ name: 'Order Completed', n: orders.length }] : []),
    ],
    agents: [
      { browser: 'Firefox 142', os: 'macOS', device: 'pc', last_seen: row.last_seen },
      {
        browser: 'Mobile Safari 19',
        os: 'iOS',
        device: 'smartphone',
        last_seen: iso(seen - 3 * DAY),
      },
    ],
    freshness_at: iso(now),
  }
}

function certaintyOf(row) {
  if (!row.is_known)
    return { level: 'anonymous', words: 'Anonymous: seen by browser or device only.' }
  if (!row.email)
    return {
      level: 'claimed',
      words: 'Claimed: gave a name or an address, but was never signed in.',
    }
  return { level: 'known', words: 'Known: your own id for this customer was sent.' }
}

function sentenceOf(row, orders) {
  if (!row.is_known)
    return 'An anonymous visitor since last week, seen on two days, looked at cameras most.'
  const bought = orders.length
    ? `${orders.length} orders, the last one 12 days ago, owns a hub and two cameras`
    : 'has not ordered yet'
  return `Customer since March 2025, ${bought}, reads e-mail in the evening, mostly on a phone.`
}

function linksOf([first, ...others], row) {
  const own = others.map((other, i) => ({
    a: first,
    b: other,
    rule: i === 0 ? 'trait' : 'same_event',
    words:
      i === 0
        ? 'The e-mail address was given as a trait of this user.'
        : 'Both came in one identify call.',
    occurred_at: row.first_seen,
    active: true,
    inert: null,
    why_inert: null,
    rules_version: 0,
    source: web,
    message_id: 'ajs-next-1763-5d1f',
  }))
  return Number(row.id.slice(2)) % 3 === 1 && others.length > 0
    ? [...own, heldOff(others.at(-1), row)]
    : own
}

/** Somebody else signed in on the same browser. */
function heldOff(browser, row) {
  return {
    a: browser,
    b: { kind: 'user_id', value: 'nl-somebody-else' },
    rule: 'same_event',
    words: 'one event carried both',
    occurred_at: row.last_seen,
    active: false,
    inert: 'two_user_ids',
    rules_version: 0,
    why_inert:
      'Not followed: by stronger or earlier evidence the two belong to customers with different user ids, and only an explicit statement may join two user ids.',
    source: web,
    message_id: 'ajs-next-1763-77aa',
  }
}

function ordersOf(row, r, seen) {
  return Array.from({ length: row.n_orders }, (_, i) => {
    const lines = Array.from({ length: 1 + r.below(3) }, () => r.pick(products)).map((p) => ({
      ...p,
      quantity: 1 + r.below(2),
      price: eur(p.price),
    }))
    return {
      order_id: `NL-${20000 - i * 37}`,
      at: iso(seen - (12 + i * 31) * DAY),
      total: eur(lines.reduce((sum, line) => sum + line.price.minor * line.quantity, 0)),
      status: i === 2 ? 'cancelled' : i === 4 ? 'partly_refunded' : 'completed',
      refunded: i === 4 ? eur(3900) : null,
      n_items: lines.length,
      products: lines,
      coupon: i === 1 ? 'SPRING10' : null,
    }
  })
}

function messagesOf(seen) {
  const at = (days) => iso(seen - days * DAY)
  return [
    {
      id: 'm_1',
      channel: 'email',
      campaign: 'Spring refresh',
      subject: 'Your outdoor camera sees more this spring',
      status: 'clicked',
      sent_at: at(2),
      delivered_at: at(2),
      opened_at: at(1),
      clicked_at: at(1),
      bounced_at: null,
      unsubscribed_at: null,
    },
    {
      id: 'm_2',
      channel: 'email',
      campaign: 'Plus renewal',
      subject: 'Your plan renews in 14 days',
      status: 'delivered',
      sent_at: at(12),
      delivered_at: at(12),
      opened_at: null,
      clicked_at: null,
      bounced_at: null,
      unsubscribed_at: null,
    },
  ]
}
