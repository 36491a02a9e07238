// Which organisations does the mock know, and who belongs to them?
import { allCustomers, DAY } from './customers.mjs'
import { backend, eur, iso, web } from './shop.mjs'

const refusal = (status, kind, message, field = null) => [
  status,
  { error: { kind, message, hint: null, field } },
]
const notFound = () => refusal(404, 'not_found', 'There is no such account.')

export const accountRoutes = [
  ['GET /api/accounts', list],
  ['GET /api/accounts/*', (call) => account(call) ?? notFound()],
  ['PUT /api/accounts/*/domains/*', claim],
  ['DELETE /api/accounts/*/domains/*', drop],
  ['PUT /api/accounts/*/members/*', judge],
  ['DELETE /api/accounts/*/members/*', unjudge],
  ['GET /api/settings/accounts', ({ world }) => settings(world)],
  ['PUT /api/settings/accounts', change],
]

const accounts = [
  'Meyer & Novak Facility Services',
  'Harbour Homes',
  'Castellanos Installations',
  'Polar Property Group',
].map((name, i) => ({
  id: `a_000${i + 1}`,
  key: name.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
  name,
  n_members: 3 + i * 7,
  first_seen: iso(Date.now() - (300 - i * 40) * DAY),
  last_seen: iso(Date.now() - (i * 3 + 1) * 3_600_000),
}))

function list({ world, query }) {
  const wanted = (query.get('q') ?? '').toLowerCase()
  const items = world.customers ? accounts.filter((a) => a.name.toLowerCase().includes(wanted)) : []
  return { items, next_cursor: null }
}

/** What was said by hand: verdicts by customer, and domains. */
function said(world, id) {
  world.accounts ??= new Map()
  if (!world.accounts.has(id)) world.accounts.set(id, { verdicts: new Map(), domains: new Set() })
  return world.accounts.get(id)
}

function account({ world, args: [id], now }) {
  const row = accounts.find((a) => a.id === id)
  if (!row) return null
  const { verdicts, domains } = said(world, id)
  const all = allCustomers(world.customers, now)
  const known = all.filter((c) => c.is_known && c.email)
  const told = all.slice(0, row.n_members)
  const offered = known.filter((c) => !told.includes(c)).slice(0, 3)
  const added = offered.filter((c) => verdicts.get(c.id) === true)
  const members = [
    ...told.map((customer, i) => memberOf(customer, i, row)),
    ...added.map((customer) => ({ ...memberOf(customer, 9, row), added_by: world.user.email })),
  ]
  return {
    ...row,
    n_members: members.length,
    traits: traitsOf(row),
    members,
    former: known.slice(-1).map((customer) => ({ customer, left_at: row.last_seen })),
    domains: domainsOf(row, domains, world),
    suggested: offered
      .filter((c) => !verdicts.has(c.id))
      .map((customer, i) => ({
        customer,
        address: { kind: 'email', value: customer.email },
        domain: 'northlight-works.example',
        is_verified: i === 0,
      })),
    has_more_suggested: false,
    dismissed: offered.filter((c) => verdicts.get(c.id) === false),
    totals: [{ n_orders: 14, revenue: eur(184_900) }],
    orders: told
      .filter((c) => c.is_known)
      .slice(0, 4)
      .map((customer, i) => ({
        customer_id: customer.id,
        customer_name: customer.name,
        order_id: `NL-${7000 + i}`,
        at: iso(now - (i + 1) * 9 * DAY),
        total: eur(12_900 + i * 2_000),
        status: i === 1 ? 'partly_refunded' : 'completed',
      })),
  }
}

function memberOf(customer, i, row) {
  const role = ['buyer', 'admin'][i]
  return {
    customer,
    since: row.first_seen,
    role: role ? { name: role, at: row.first_seen, source: backend } : null,
    position: i === 0 ? { trait_name: 'title', value: 'Head of Facilities' } : null,
    added_by: null,
  }
}

function traitsOf({ first_seen, last_seen }) {
  const said = (value, at, source, n = 1) => ({ value, source, first_at: first_seen, at, n })
  const trait = (name, ...history) => ({
    name,
    value: history[0].value,
    at: history[0].at,
    source: history[0].source,
    history,
  })
  return [
    trait('industry', said('Property management', first_seen, backend)),
    trait(
      'employees',
      said(240, last_seen, backend, 12),
      said(180, first_seen, backend, 3),
      said('about 200', first_seen, web),
    ),
  ]
}

function domainsOf(row, claimed, world) {
  const told = { name: 'northlight-works.example', is_told: true, claimed_by: null }
  const byHand = [...claimed].map((name) => ({
    name,
    is_told: false,
    claimed_by: world.user.email,
  }))
  return [told, ...byHand].map((domain, i) => ({
    ...domain,
    at: row.first_seen,
    is_free_mail: domain.name === 'gmail.com',
    rivals: i === 0 ? [{ id: 'a_0004', name: 'Polar Property Group' }] : [],
  }))
}

function claim(call) {
  const [id, domain] = call.args
  const name = decodeURIComponent(domain)
  if (!/^[^\s.]+(\.[^\s.]+)+$/.test(name))
    return refusal(400, 'invalid', `'${name}' is no domain, such as acme.com.`, 'domain')
  said(call.world, id).domains.add(name)
  return account(call)
}

function drop(call) {
  const [id, domain] = call.args
  said(call.world, id).domains.delete(decodeURIComponent(domain))
  return account(call)
}

function judge(call) {
  const [id, customer] = call.args
  said(call.world, id).verdicts.set(customer, call.body.is_member)
  return account(call)
}

function unjudge(call) {
  const [id, customer] = call.args
  said(call.world, id).verdicts.delete(customer)
  return account(call)
}

function settings(world) {
  world.accountSettings ??= {
    version: 0,
    changed_at: null,
    changed_by: null,
    free_mail_added: [],
    free_mail_exempted: [],
    n_kept: 154,
  }
  return world.accountSettings
}

function change({ world, body, now }) {
  const before = settings(world)
  if (body.version !== before.version)
    return refusal(
      409,
      'conflict',
      'The settings of accounts were changed by somebody else meanwhile.',
    )
  world.accountSettings = {
    ...before,
    ...body,
    version: before.version + 1,
    changed_at: iso(now),
    changed_by: world.user.email,
  }
  return world.accountSettings
}
