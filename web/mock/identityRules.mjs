// What does the mock answer about the rules of identity, and about who somebody was when?
import { pageOf } from './identity.mjs'
import { iso } from './shop.mjs'

const refusal = (status, kind, message, hint = null) => [
  status,
  { error: { kind, message, hint, field: null } },
]

export const identityRuleRoutes = [
  ['GET /api/settings/identity', ({ world, now }) => settings(world, now)],
  ['PUT /api/settings/identity', change],
  ['POST /api/settings/identity/preview', preview],
  ['GET /api/customers/*/identity', then],
]

const none = { ever: null, month: null, week: null, users_max: null, visitors_max: null }
const limits = (more) => ({ ...none, trust: 'claimed', ...more })
const address = limits({ ever: 10, users_max: 5, visitors_max: 200 })

const defaults = {
  version: 0,
  kinds: [
    { kind: 'user_id', rules: limits() },
    { kind: 'crm_id', rules: limits() },
    { kind: 'email', rules: address },
    { kind: 'phone', rules: address },
    { kind: 'social_handle', rules: limits() },
    { kind: 'device_id', rules: limits({ users_max: 5 }) },
    { kind: 'anonymous_id', rules: limits({ month: 200, week: 100, users_max: 5 }) },
  ],
  others: limits(),
  blocked: [
    ...['anonymous', 'guest', 'null', 'undefined'].map((value) => ({ kind: null, value })),
    ...['noreply@*', 'test@test.com'].map((value) => ({ kind: 'email', value })),
    { kind: 'phone', value: '1234567890' },
  ],
  blocked_zeros: true,
  country: null,
}

function settings(world, now) {
  world.identity ??= {
    rules: defaults,
    versions: [version(0, iso(now - 90 * 86_400_000), 'Rapport', 0)],
  }
  const { rules, versions } = world.identity
  return { rules, defaults: { ...defaults, version: rules.version }, versions }
}

function version(version, changed_at, changed_by, n_links_turned) {
  return { version, changed_at, changed_by, n_links_turned, n_identifiers_moved: n_links_turned }
}

function change({ world, body, now }) {
  const before = settings(world, now)
  if (body.version !== before.rules.version)
    return refusal(
      409,
      'conflict',
      'The rules of identity were changed by somebody else meanwhile.',
      'Read them again.',
    )
  const next = version(body.version + 1, iso(now), world.user.email, 12)
  world.identity = {
    rules: { ...body, version: next.version },
    versions: [next, ...before.versions],
  }
  return settings(world, now)
}

function preview() {
  return {
    ...{ n_customers: 50_214, is_whole: false, n_links_turned: 12, n_links_followed: 3 },
    n_links_inert: [
      { reason: 'limit', n: 2 },
      { reason: 'shared', n: 7 },
    ],
    ...{ n_identifiers_moved: 9, n_merges: 3, n_splits: 4, n_newly_shared: 1 },
  }
}

/** In the mock identifiers come one after another, the day after each other. */
function then({ world, args: [id], query, now }) {
  const page = pageOf(world, id, now)
  if (!page) return refusal(404, 'not_found', 'There is no such customer.')
  const first = Date.parse(page.first_seen)
  const came = page.identifiers.map(({ kind, value }, i) => ({
    ...{ at: iso(first + i * 86_400_000), kind, value },
  }))
  const at = query.get('at') ?? iso(now)
  return {
    at,
    customer_id: page.canonical_id,
    identifiers: came
      .filter((one) => one.at <= at)
      .map((one) => ({
        ...{ kind: one.kind, value: one.value, recorded_at: one.at },
        customer_id_now: page.canonical_id,
      })),
    moments: came.map(({ at, kind, value }, i) => ({
      at,
      cause: i === 0 ? 'first heard of' : `${kind}:${value}: one event carried both`,
      came: [{ kind, value }],
      went: [],
    })),
    n_moments: came.length,
  }
}
