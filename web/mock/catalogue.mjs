// What was seen in the mock: events, properties, values and traits for whoever builds a question?
import { allCustomers } from './customers.mjs'

export const counts = {
  'Page Viewed': 18_240,
  'Email Delivered': 8_070,
  'Product Viewed': 7_341,
  'Product List Viewed': 3_850,
  'Email Opened': 1_962,
  'Cart Viewed': 1_210,
  'Products Searched': 1_190,
  'Product Added': 1_011,
  'Checkout Started': 612,
  'Signed Up': 270,
  'Order Completed': 301,
  'Subscription Started': 44,
  'Survey Answered With An Unusually Long Name Nobody Shortened': 3,
}

const field = (of, path, types, share, examples) => ({
  of,
  path,
  types,
  share,
  examples,
  n_looked_at: 2_000,
})

const properties = [
  field('property', 'product_id', ['string'], 1, ['nl-lock-retro', 'nl-cam-outdoor']),
  field('property', 'name', ['string'], 1, ['Retrofit Lock', 'Outdoor Cam']),
  field('property', 'category', ['string'], 1, ['Locks', 'Cameras']),
  field('property', 'price', ['number'], 1, [149, 109]),
  field('property', 'currency', ['string'], 0.98, ['EUR', 'GBP']),
  field('property', 'revenue', ['number'], 0.1, [49, 208]),
  field('property', 'products', ['array'], 0.2, []),
  field('context', 'campaign.medium', ['string'], 0.31, ['cpc', 'email']),
  field('context', 'campaign.source', ['string'], 0.31, ['google', 'newsletter']),
  field('context', 'page.path', ['string'], 0.87, ['/', '/c/locks']),
  field('context', 'rapport.agent.device', ['string'], 0.94, ['mobile', 'desktop']),
]

const values = ['cpc', 'email', 'referral', 'paid_social', 'affiliate', 'word_of_mouth']
const valuesOf = {
  category: ['Cameras', 'Hubs', 'Lights', 'Doorbells', 'Plans'],
  currency: ['EUR', 'GBP'],
  product_id: ['hub-2', 'cam-in', 'cam-out', 'bulb-4', 'plus', 'bell'],
}

const trait = (key, kind, examples, share = 0.9) => ({
  ...{ key, kind, types: [kind], examples, share },
  n_customers: Math.round(2_000 * share),
})

const traits = [
  trait('country', 'string', ['DE', 'GB', 'FR']),
  trait('plan', 'string', ['basic', 'plus', 'pro'], 0.7),
  trait('newsletter', 'boolean', ['true', 'false']),
  trait('n_devices', 'number', ['1', '2', '3'], 0.4),
  trait('interests', 'array', ['garden', 'security', 'light'], 0.3),
  trait('birthday', 'string', ['1988-04-12'], 0.5),
  trait('app_version', 'string', ['1.4.0', '1.9.2', '2.0.1'], 0.6),
]

/** The customers behind a point: always a few, of the mock's people. */
function behind({ world, body, now }) {
  const people = allCustomers(world.customers, now)
  const n = Math.min(people.length, 70)
  return { n, items: people.slice(0, Math.min(n, body.limit ?? 50)) }
}

export const catalogueRoutes = [
  [
    'GET /api/catalogue/events',
    ({ world, now }) => {
      const events = world.customers === 0 ? [] : Object.entries(counts)
      return {
        events: events.map(([name, n_events], at) => ({
          name,
          n_events,
          n_customers: Math.round(n_events / 6),
          last_at: new Date(now - at * 3_600_000).toISOString(),
          sources: ['s_0001'],
          is_planned: at < 8,
        })),
        total: events.length,
      }
    },
  ],
  ['GET /api/catalogue/properties', () => ({ properties, total: properties.length })],
  [
    'GET /api/catalogue/values',
    ({ query }) => {
      const all = valuesOf[query.get('path')] ?? values
      const found = all.filter((value) => value.includes(query.get('q') ?? ''))
      return {
        values: found.map((value, at) => ({ value, n: 900 - at * 120 })),
        total: found.length,
        n_values: all.length,
        is_exact: true,
      }
    },
  ],
  [
    'GET /api/catalogue/traits',
    () => ({ traits, total: traits.length, n_looked_at: 2_000, is_exact: true }),
  ],
  ['POST /api/insights/*/customers', behind],
]
