// What does the mock remember while it runs?
import { newLedger, rowsThatStand } from './identity.mjs'
import { newImports, newSources } from './listen.mjs'
import { DAY } from './customers.mjs'

const iso = (ms) => new Date(ms).toISOString()

export function newWorld({ customers = 2000, empty = false, fail = false } = {}) {
  const now = Date.now()
  return {
    fail,
    customers: empty ? 0 : customers,
    /** The customers as the list has them, after what was decided. */
    rows(at) {
      return rowsThatStand(this, at)
    },
    ledger: newLedger(),
    decisions: [],
    /** Why no decision is taken; null while they are. */
    refusesDecisions: null,
    sources: empty ? [] : newSources(now),
    imports: empty ? [] : newImports(now),
    debug: empty ? 0 : 4_000,
    user: { id: 'u_0001', name: 'Ada Lindqvist', email: 'ada@northlight.example', role: 'admin' },
    users: newUsers(now),
    tokens: empty ? [] : newTokens(now),
    audit: newAudit(now),
    /** Events that were sent here over HTTP, for the live feed. */
    collected: [],
  }
}

function newUsers(now) {
  const user = (id, name, email, role, more) => ({
    id,
    name,
    email,
    role,
    disabled: false,
    created_at: iso(now - 90 * DAY),
    last_sign_in_at: iso(now - 3_600_000),
    ...more,
  })
  return [
    user('u_0001', 'Ada Lindqvist', 'ada@northlight.example', 'admin'),
    user('u_0002', 'Bo Castellanos', 'bo@northlight.example', 'marketer'),
    user('u_0003', 'Chidi Anagonye', 'chidi@northlight.example', 'analyst', {
      last_sign_in_at: null,
    }),
    user('u_0004', 'Dana Scully', 'dana@northlight.example', 'sales', { disabled: true }),
  ]
}

function newTokens(now) {
  return [
    {
      id: 't_0001',
      name: 'Nightly export',
      scopes: ['read'],
      created_by: 'Ada Lindqvist',
      created_at: iso(now - 60 * DAY),
      expires_at: null,
      last_used_at: iso(now - 7 * 3_600_000),
    },
    {
      id: 't_0002',
      name: 'Laptop imports',
      scopes: ['import'],
      created_by: 'Bo Castellanos',
      created_at: iso(now - 3 * DAY),
      expires_at: iso(now + 27 * DAY),
      last_used_at: null,
    },
  ]
}

function newAudit(now) {
  const actions = [
    ['user', 'Ada Lindqvist', 'source.rotate_key', 's_0001', ''],
    ['cli', 'root', 'import.start', 'im_0003', 'crm-contacts-2026-11.jsonl.zst'],
    ['user', 'Bo Castellanos', 'plan.pin', 's_0001', '3 events'],
    ['system', 'rapport', 'migration.run', 'state', 'to schema 4'],
    ['token', 'Nightly export', 'token.use', 't_0001', ''],
  ]
  return Array.from({ length: 340 }, (_, i) => {
    const [kind, name, action, target, detail] = actions[i % actions.length]
    return { at: iso(now - i * 47 * 60_000), actor: { kind, name }, action, target, detail }
  })
}
