// What may be decided about the mock's customers, and what would be different then?
import { allCustomers } from './customers.mjs'
import { clusters, linkKey, originOf } from './identity.mjs'

const refusal = (status, kind, message) => [
  status,
  { error: { kind, message, hint: null, field: null } },
]
const nameOf = ({ kind, value }) => `${kind} ${value}`

export const decisionRoutes = [
  ['GET /api/decisions', ({ world }) => ({ items: world.decisions.map(shown), next_cursor: null })],
  ['GET /api/customers/*/decisions', aboutCustomer],
  ['POST /api/decisions/preview', ({ world, body, now }) => attempt(world, body, now, preview)],
  ['POST /api/decisions', ({ world, body, now }) => attempt(world, body, now, decide)],
  ['GET /api/decisions/*/undo', previewUndo],
  ['POST /api/decisions/*/undo', undo],
]

function aboutCustomer({ world, args: [id], now }) {
  const own = clusters(world, now, [id]).find((c) => c.id === id || c.id === originOf(id))
  const names = new Set((own?.identifiers ?? []).map(nameOf))
  const about = ({ changes }) =>
    changes.some(({ link }) => names.has(nameOf(link.a)) || names.has(nameOf(link.b)))
  return { items: world.decisions.filter(about).map(shown), next_cursor: null }
}

function attempt(world, body, now, then) {
  if (world.refusesDecisions && then === decide)
    return refusal(409, 'conflict', world.refusesDecisions)
  const { changes, ids, wrong } = changesOf(world, body, now)
  return wrong ?? then({ world, body, now, changes, ids })
}

/** The links that a wish comes to. */
function changesOf(world, { merge, withdraw, restore, part }, now) {
  if (merge) return joins(world, merge, now)
  const ends = part ?? (withdraw ?? restore).flatMap(({ a, b }) => [a, b])
  const ids = ends.map((end) => holderOf(world, end, now)).filter(Boolean)
  const links = clusters(world, now, ids).flatMap((cluster) => cluster.links)
  if (part) {
    const going = new Set(part.map(nameOf))
    const crosses = ({ a, b, active }) => active && going.has(nameOf(a)) !== going.has(nameOf(b))
    return {
      ids,
      changes: unique(links.filter(crosses)).map((link) => ({ does: 'withdraw', link })),
    }
  }
  const does = withdraw ? 'withdraw' : 'restore'
  const changes = (withdraw ?? restore).map((wanted) => ({
    does,
    link: links.find((link) => linkKey(link) === linkKey(wanted)),
  }))
  const isDone = ({ link }) => world.ledger.withdrawn.has(linkKey(link)) === (does === 'withdraw')
  if (changes.some((change) => !change.link))
    return { wrong: refusal(404, 'not_found', 'There is no link between these two by this rule.') }
  if (changes.some(isDone))
    return { wrong: refusal(409, 'conflict', 'The link is already in the state asked for.') }
  return { ids, changes }
}

function joins(world, merge, now) {
  const all = clusters(world, now, merge)
  const wanted = merge.map((id) => all.find((cluster) => cluster.id === id))
  if (wanted.includes(undefined))
    return { wrong: refusal(404, 'not_found', 'There is no such customer.') }
  const [first, ...others] = [...new Set(wanted)].sort((a, b) => (a.id < b.id ? -1 : 1))
  if (others.length === 0)
    return { wrong: refusal(409, 'conflict', 'They are one customer already.') }
  const link = (other) => ({
    ...{ a: first.identifiers[0], b: other.identifiers[0], rule: 'stated', source: null },
    ...{ words: 'the sender said that they are the same', active: true },
    ...{ inert: null, why_inert: null, rules_version: 0 },
    ...{ occurred_at: new Date(now).toISOString(), message_id: '' },
  })
  return { ids: merge, changes: others.map((other) => ({ does: 'join', link: link(other) })) }
}

const unique = (links) => [...new Map(links.map((link) => [linkKey(link), link])).values()]

/** Whose identifier it is: the mock's identifiers carry the number of their customer. */
function holderOf(world, end, now) {
  const digits = /(\d{5,6})(?!.*\d{5})/.exec(end.kind === 'email' ? '' : end.value)?.[1]
  if (digits) return `c_${digits}`
  const row = allCustomers(world.customers, now).find((customer) => customer.email === end.value)
  return row?.id
}

function ledgerAfter(ledger, changes, ids) {
  const joined = new Map(ledger.joins.map((link) => [linkKey(link), link]))
  const withdrawn = new Set(ledger.withdrawn)
  for (const { does, link } of changes) {
    if (does === 'join') joined.set(linkKey(link), joined.get(linkKey(link)) ?? link)
    if (does === 'withdraw') withdrawn.add(linkKey(link))
    else withdrawn.delete(linkKey(link))
  }
  const touched = new Set([...ledger.touched, ...ids.map(originOf)])
  return { touched, joins: [...joined.values()], withdrawn }
}

function preview({ world, now, changes, ids }) {
  const before = clusters(world, now, ids)
  const after = clusters(world, now, ids, ledgerAfter(world.ledger, changes, ids))
  const ends = new Set(changes.flatMap(({ link }) => [nameOf(link.a), nameOf(link.b)]))
  const touched = (cluster) => cluster.identifiers.some((i) => ends.has(nameOf(i)))
  const shape = (all) => JSON.stringify(all.map((c) => [c.id, c.identifiers.map(nameOf)]))
  return {
    before: before.filter(touched).map(card),
    after: after.filter(touched).map(card),
    conflicts: after.filter(touched).flatMap(conflictsOf),
    is_without_effect: shape(before) === shape(after),
  }
}

function card({ id, identifiers, named, n_events, first_seen, last_seen }) {
  const n_orders = named.reduce((sum, page) => sum + page.n_orders_kept, 0)
  const short = identifiers.map(({ kind, value }) => ({ kind, value }))
  const name = named[0]?.name ?? null
  return { id, name, identifiers: short, n_events, n_orders, first_seen, last_seen }
}

/** What was said last wins. */
function conflictsOf({ id, named }) {
  const names = [...new Set(named.flatMap((page) => page.traits.map((trait) => trait.name)))]
  return names.flatMap((name) => {
    const said = named.flatMap((page) =>
      page.traits
        .filter((trait) => trait.name === name)
        .map(({ value, at, source }) => ({ customer_id: page.id, value, at, source })),
    )
    if (new Set(said.map((one) => JSON.stringify(one.value))).size < 2) return []
    const winner = [...said].sort((a, b) => (a.at < b.at ? 1 : -1))[0].value
    return [{ name, customer_id: id, winner, said }]
  })
}

function decide({ world, body, now, changes, ids, undoes = null }) {
  world.ledger = ledgerAfter(world.ledger, changes, ids)
  const decision = {
    id: `p_${String(960 + world.decisions.length).padStart(4, '0')}`,
    at: new Date(now).toISOString(),
    by: world.user.email,
    reason: (body.reason ?? '').trim(),
    kind: { join: 'merge', withdraw: 'unmerge', restore: 'restore' }[changes[0].does],
    n_changes: changes.length,
    ...about(world, changes, ids, now),
    refusal: null,
    undoes,
    undone_by: null,
    changes,
    ids,
  }
  world.decisions.unshift(decision)
  return shown(decision)
}

/** The links and customers that a decision names. */
function about(world, changes, ids, now) {
  const short = ({ kind, value }) => ({ kind, value })
  const own = [...new Set(ids.map(originOf))]
  const rows = allCustomers(world.customers, now)
  const name = (id) => rows.find((row) => row.id === id)?.name ?? null
  return {
    links: changes.map(({ does, link }) => ({
      ...{ a: short(link.a), b: short(link.b), rule: link.rule },
      counts: does !== 'withdraw',
    })),
    customers: own.map((id) => ({ id, canonical_id: id, name: name(id) })),
    n_customers: own.length,
  }
}

/** What takes a decision back. */
function inverseOf(world, id) {
  const decision = world.decisions.find((one) => one.id === id)
  if (!decision) return { wrong: refusal(404, 'not_found', 'There is no such decision.') }
  if (decision.undone_by)
    return { wrong: refusal(409, 'conflict', 'This decision was taken back already.') }
  const inverse = { join: 'withdraw', withdraw: 'restore', restore: 'withdraw' }
  const changes = decision.changes.map(({ does, link }) => ({ does: inverse[does], link }))
  return { decision, changes }
}

function previewUndo({ world, args: [id], now }) {
  const { decision, changes, wrong } = inverseOf(world, id)
  return wrong ?? preview({ world, now, changes, ids: decision.ids })
}

function undo({ world, args: [id], now }) {
  const { decision, changes, wrong } = inverseOf(world, id)
  if (wrong) return wrong
  const done = decide({ world, body: {}, now, changes, ids: decision.ids, undoes: id })
  decision.undone_by = done.id
  return done
}

/** As the API tells it: what it changed stays inside. */
function shown(decision) {
  const inside = ['changes', 'ids']
  return Object.fromEntries(Object.entries(decision).filter(([key]) => !inside.includes(key)))
}
