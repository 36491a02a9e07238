// Who is who in the mock, after what was decided? The engine's rules, on the few who were touched.
import { customerPage } from './customerPage.mjs'
import { allCustomers } from './customers.mjs'

export const newLedger = () => ({ touched: new Set(), joins: [], withdrawn: new Set() })

export function linkKey({ a, b, rule }) {
  return [...[a, b].map((end) => `${end.kind} ${end.value}`).sort(), rule].join(' | ')
}

/** A customer's number is that of the oldest identifier; one who was parted gets one of their own. */
function customerOf(identifierId) {
  const [base, place] = [identifierId.slice(2, -1), identifierId.slice(-1)]
  return place === '0' ? `c_${base}` : `c_9${base}${place}`
}

/** The customer of the list from whom this one's identifiers come. */
export function originOf(id) {
  return /^c_9\d{6,}$/.test(id) ? `c_${id.slice(3, -1)}` : id
}

/** Everybody of `ids` and of those who were decided about, grouped by the links that count. */
export function clusters(world, now, ids, ledger = world.ledger) {
  const origins = [...new Set([...ids.map(originOf), ...ledger.touched])].sort()
  const pages = origins.map((id) => customerPage(id, world.customers, now)).filter(Boolean)
  const identifiers = pages.flatMap((page) => page.identifiers)
  const links = [...pages.flatMap((page) => page.links), ...ledger.joins].map((link) =>
    ledger.withdrawn.has(linkKey(link)) ? withdrawnLink(link) : link,
  )
  const root = roots(identifiers, links)
  const groups = new Map()
  for (const identifier of [...identifiers].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const group = groups.get(root(identifier)) ?? []
    groups.set(root(identifier), [...group, identifier])
  }
  return [...groups.values()].map((members) => clusterOf(members, links, pages))
}

function withdrawnLink(link) {
  const why_inert =
    'Not followed: it was withdrawn by hand, as if it had never been, until somebody takes that back.'
  return { ...link, active: false, inert: 'withdrawn', why_inert }
}

function roots(identifiers, links) {
  const parent = new Map(identifiers.map((identifier) => [name(identifier), name(identifier)]))
  const find = (key) => (parent.get(key) === key ? key : find(parent.get(key)))
  for (const { a, b, active } of links) {
    const [x, y] = [name(a), name(b)]
    if (active && parent.has(x) && parent.has(y)) parent.set(find(x), find(y))
  }
  return (identifier) => find(name(identifier))
}

const name = ({ kind, value }) => `${kind} ${value}`

function clusterOf(members, links, pages) {
  const own = new Set(members.map(name))
  const whole = pages.filter((page) => page.identifiers.some((i) => own.has(name(i))))
  const named = whole.filter((page) => own.has(name(page.identifiers[0])))
  return {
    id: customerOf(members[0].id),
    identifiers: members,
    links: links.filter(({ a, b }) => own.has(name(a)) || own.has(name(b))),
    /** The pages of the list whose user id is here. */
    named,
    n_events: whole.reduce((sum, page) => sum + shareOf(page, own), 0),
    first_seen: members.map((i) => i.first_seen).sort()[0],
    last_seen: whole
      .map((page) => page.last_seen)
      .sort()
      .at(-1),
  }
}

function shareOf(page, own) {
  const here = page.identifiers.filter((i) => own.has(name(i)))
  const sum = here.reduce((n, i) => n + i.n_events, 0)
  return here.length === page.identifiers.length ? page.n_events : Math.min(sum, page.n_events)
}

/** The page of a customer, whoever they are by now. */
export function pageOf(world, id, now) {
  if (world.ledger.touched.size === 0) return customerPage(id, world.customers, now)
  const all = clusters(world, now, [id])
  const isAsked = (cluster) =>
    cluster.id === id || cluster.identifiers.some((identifier) => customerOf(identifier.id) === id)
  const cluster = all.find(isAsked)
  if (!cluster) return null
  const { named, ...rest } = cluster
  const page = named[0] ?? nobody(customerPage(originOf(cluster.id), world.customers, now))
  return { ...page, ...rest, id, canonical_id: cluster.id }
}

/** What is left of a page when the person behind it was parted from it. */
function nobody(page) {
  return {
    ...page,
    ...{ name: null, is_known: false, traits: [], consents: [], accounts: [], totals: [] },
    ...{ orders: [], n_orders_kept: 0, holdings: [], messages: [] },
    sentence: 'An anonymous visitor, who was parted from somebody by hand.',
    certainty: { level: 'anonymous', words: 'Anonymous: seen by browser or device only.' },
  }
}

/** The customers of the list who are still customers of their own. */
export function rowsThatStand(world, now) {
  const rows = allCustomers(world.customers, now)
  if (world.ledger.touched.size === 0) return rows
  const there = new Set(clusters(world, now, []).map((cluster) => cluster.id))
  return rows.filter((row) => !world.ledger.touched.has(row.id) || there.has(row.id))
}
