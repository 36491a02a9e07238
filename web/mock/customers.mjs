// Which customers does the mock have? Any number, made from their index, edge cases first.
import { draws } from './random.mjs'

const given =
  'Anna Ben Clara David Elif Farid Greta Hugo Ines Jonas Kim Lena Marek Nora Omar Paula Quinn Rosa Sami Tom Uma Vera Wim Yara Zoe'.split(
    ' ',
  )
const family =
  'Adler Berger Costa Duarte Evans Fischer Garcia Huber Ivanova Jansen Klein Lopez Meyer Novak Okafor Peeters Rossi Silva Tanaka Urban Vogel Weber Yilmaz Zhang'.split(
    ' ',
  )
const places = [
  ['DE', 'Hamburg'],
  ['DE', 'Leipzig'],
  ['FR', 'Lyon'],
  ['GB', 'Leeds'],
  ['NL', 'Utrecht'],
  ['PT', 'Porto'],
  ['AT', 'Graz'],
  ['SE', 'Malmö'],
  ['US', 'Portland'],
]
export const DAY = 86_400_000

/** Names that break layouts: 60 characters, right to left, emoji, markup. */
const hard = [
  {
    name: 'Maximiliane-Charlotte von und zu Hohenlohe-Langenburg-Schilling',
    email: 'maximiliane-charlotte.hohenlohe-langenburg@a-very-long-company-name.example',
    n_orders: 11,
    revenue: { minor: 123_456_789_012, currency: 'EUR' },
  },
  { name: 'محمد بن عبد الله الأحمد', email: 'mohammed@example.org' },
  { name: 'Zoë 🦊👩‍👩‍👧‍👦 O’Hara', email: 'zoe+fox@example.org' },
  { name: '<script>alert(1)</script>', email: 'tag@example.org' },
]

export function customer(index, now) {
  const r = draws(index + 17)
  const known = index < hard.length || r.chance(0.62)
  const [country, city] = r.pick(places)
  const lastSeen = now - index * 37_000 - r.below(30_000) - 20_000
  return {
    id: `c_${String(index + 1).padStart(5, '0')}`,
    country: r.chance(0.92) ? country : null,
    city: r.chance(0.8) ? city : null,
    first_seen: new Date(lastSeen - (1 + r.below(500)) * DAY).toISOString(),
    last_seen: new Date(lastSeen).toISOString(),
    n_events: 1 + r.below(known ? 900 : 40),
    is_known: known,
    matched: null,
    ...(known ? person(index, r) : nobody),
    ...hard[index],
  }
}

const eur = (minor) => ({ minor, currency: 'EUR' })
const nobody = { name: null, email: null, phone: null, company: null, n_orders: 0, revenue: null }

function person(index, r) {
  const name = `${r.pick(given)} ${r.pick(family)}`
  const orders = r.chance(0.5) ? 1 + r.below(14) : 0
  const maybe = (p, make) => (r.chance(p) ? make() : null)
  return {
    name: maybe(0.9, () => name),
    email: maybe(0.9, () => `${name.toLowerCase().replace(' ', '.')}${index}@example.org`),
    phone: maybe(0.3, () => `+49 40 ${1000000 + r.below(8999999)}`),
    company: maybe(0.08, () => `${r.pick(family)} & ${r.pick(family)} Facility Services`),
    n_orders: orders,
    revenue: orders ? eur(orders * (1900 + r.below(30000))) : null,
  }
}

const order = {
  last_seen: (c) => c.last_seen,
  first_seen: (c) => c.first_seen,
  n_events: (c) => c.n_events,
  n_orders: (c) => c.n_orders,
  revenue: (c) => c.revenue?.minor ?? -1,
  name: (c) => (c.name ?? c.email ?? '~').toLowerCase(),
}

let cache = { n: 0, rows: [] }

export function allCustomers(n, now) {
  if (cache.n !== n) cache = { n, rows: Array.from({ length: n }, (_, i) => customer(i, now)) }
  return cache.rows
}

export function listCustomers(query, all) {
  let rows = all
  const q = query.get('q')?.toLowerCase()
  if (q) rows = rows.filter((c) => matches(c, q)).map((c) => ({ ...c, matched: matchOf(c, q) }))
  if (query.has('known')) rows = rows.filter((c) => String(c.is_known) === query.get('known'))
  if (query.get('country')) rows = rows.filter((c) => c.country === query.get('country'))
  if (query.get('has_orders') === 'true') rows = rows.filter((c) => c.n_orders > 0)
  if (query.get('has_orders') === 'false') rows = rows.filter((c) => c.n_orders === 0)
  if (query.get('seen_since')) rows = rows.filter((c) => c.last_seen >= query.get('seen_since'))
  const key = order[query.get('sort') ?? 'last_seen']
  const sign = query.get('order') === 'asc' ? 1 : -1
  const sorted = [...rows].sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0))
  const from = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 50)
  return {
    items: sorted.slice(from, from + limit),
    next_cursor: from + limit < sorted.length ? String(from + limit) : null,
    total: sorted.length,
    total_is_exact: sorted.length < 50_000,
  }
}

function matches(c, q) {
  return [c.id, c.name, c.email, c.phone].some((field) => field?.toLowerCase().includes(q))
}

function matchOf(c, q) {
  if (c.email?.toLowerCase().includes(q)) return { kind: 'email', value: c.email }
  if (c.phone?.includes(q)) return { kind: 'phone', value: c.phone }
  return null
}
