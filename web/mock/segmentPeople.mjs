// What did each of the mock's customers do and say, as far as segments look at it?
import { DAY } from './customers.mjs'
import { draws } from './random.mjs'
import { products } from './shop.mjs'

const HOUR = 3_600_000
const bell = { product_id: 'bell', name: 'Video Doorbell', category: 'Doorbells', price: 14_900 }
const sold = [...products, bell]
const pages = ['/', '/hubs', '/cameras', '/cameras/outdoor-pro', '/plans', '/basket']
const media = ['cpc', 'email', 'referral', 'organic']

let cache = { rows: null, people: [] }

/** Made once for the same list of customers. */
export function peopleOf(rows, now) {
  if (cache.rows !== rows) cache = { rows, people: rows.map((row) => person(row, now)) }
  return cache.people
}

function person(row, now) {
  const r = draws(Number(row.id.slice(2)) + 90_001)
  const orders = ordersOf(row, r, now)
  const events = [
    ...orders,
    ...visitsOf(row, r, now),
    ...(row.is_known ? mailsOf(r, now) : []),
    ...(row.is_known && r.chance(0.6) ? [event('Signed Up', Date.parse(row.first_seen))] : []),
  ].sort((a, b) => a.at - b.at)
  return {
    row,
    events,
    traits: traitsOf(row, r, now),
    holdings: orders.length > 0 ? sold.filter(() => r.chance(0.35)) : [],
    account: row.company ? { industry: 'Property management', employees: '240' } : {},
    consent: row.is_known ? r.pick(['granted', 'granted', 'pending', 'denied']) : null,
    draw: r.next(),
  }
}

const event = (name, at, properties = {}, context = {}) => ({ name, at, properties, context })

/** Some buy again and again, some stopped, some have just begun. */
function ordersOf(row, r, now) {
  const isNew = row.n_orders === 1 && r.chance(0.4)
  const last = isNew || r.chance(0.35) ? r.below(isNew ? 14 : 30) : 25 + r.below(300)
  const gap = 9 + r.below(50)
  return Array.from({ length: row.n_orders }, (_, i) => {
    const product = r.pick(sold)
    const at = now - (last + i * gap) * DAY - r.below(20) * HOUR
    return event('Order Completed', at, {
      order_id: `NL-${row.id.slice(2)}-${i}`,
      revenue: Math.round(20 + r.next() * r.next() * 480),
      currency: row.country === 'GB' ? 'GBP' : 'EUR',
      category: product.category,
      product_id: product.product_id,
    })
  })
}

function visitsOf(row, r, now) {
  const n = 1 + r.below(row.is_known ? 7 : 3)
  return Array.from({ length: n }, (_, i) => {
    const at = now - (r.next() ** 2 * 120 + i) * DAY
    const context = {
      page: { path: r.pick(pages) },
      campaign: r.chance(0.3) ? { medium: r.pick(media), source: 'newsletter' } : {},
      rapport: { agent: { device: r.pick(['mobile', 'desktop']) } },
    }
    const favourite = r.pick(sold)
    const looked = Array.from({ length: r.below(5) }, (_, k) =>
      viewed(r.chance(0.5) ? favourite : r.pick(sold), at + k * 180_000, context),
    )
    const carted = looked.length > 1 && r.chance(0.4)
    return [
      event('Page Viewed', at - 60_000, {}, context),
      ...looked,
      ...(carted ? [event('Product Added', at + HOUR / 2, looked[0].properties, context)] : []),
      ...(carted ? [event('Cart Viewed', at + HOUR / 2 + 60_000, {}, context)] : []),
      ...(carted && r.chance(0.5)
        ? [event('Checkout Started', at + HOUR / 2 + 120_000, {}, context)]
        : []),
    ]
  }).flat()
}

function viewed({ product_id, name, category, price }, at, context) {
  const properties = { product_id, name, category, price: price / 100, currency: 'EUR' }
  return event('Product Viewed', at, properties, context)
}

function mailsOf(r, now) {
  return Array.from({ length: r.below(6) }, () => {
    const at = now - r.below(60) * DAY - r.below(24) * HOUR
    const sent = event('Email Delivered', at)
    return r.chance(0.4) ? [sent, event('Email Opened', at + 2 * HOUR)] : [sent]
  }).flat()
}

function traitsOf(row, r, now) {
  const maybe = (share, value) => (r.chance(share) ? value : undefined)
  const month = String(1 + r.below(12)).padStart(2, '0')
  const day = String(1 + r.below(28)).padStart(2, '0')
  return {
    country: row.country ?? undefined,
    city: row.city ?? undefined,
    plan: maybe(0.7, r.pick(['basic', 'basic', 'plus', 'pro'])),
    newsletter: maybe(0.9, String(r.chance(0.4))),
    n_devices: maybe(0.4, String(1 + r.below(4))),
    interests: maybe(0.3, [r.pick(['garden', 'security']), r.pick(['light', 'energy'])]),
    birthday: maybe(0.5, `19${60 + r.below(40)}-${month}-${day}`),
    app_version: maybe(0.6, r.pick(['1.4.0', '1.9.2', '2.0.1'])),
    trial_ends: maybe(0.1, new Date(now + (r.below(60) - 30) * DAY).toISOString()),
  }
}
