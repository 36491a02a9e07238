// What has to hold about events that arrived, whichever library sent them?
import assert from 'node:assert/strict'
import { eventually } from './api.mjs'

/** Events as `kind name`, sorted, to compare what came with what was told. */
function named(events) {
  return events.map(({ kind, name }) => `${kind} ${name}`).sort()
}

/**
 * Exactly the `expected` events (`{kind, name}`) of the source are stored, none of them refused or
 * flagged, each with an id of its own. Answers them as the debugger shows them, oldest first.
 */
export async function arrivedOnce(api, source, expected) {
  const stored = await eventually(
    () => api.debugEvents(source.id, 'accepted'),
    (events) => events.length >= expected.length,
  )
  assert.deepEqual(named(stored), named(expected))
  for (const status of ['refused', 'flagged']) {
    assert.deepEqual(await api.debugEvents(source.id, status), [], `nothing is ${status}`)
  }
  const ids = stored.map((event) => event.message_id)
  assert.ok(ids.every(Boolean), 'every event has an id')
  assert.equal(new Set(ids).size, ids.length, 'every event has an id of its own')
  return stored
}

/**
 * Every event was shown as a duplicate once for each time that the line brought it to the server
 * again; with a line that lost nothing, none was.
 */
export async function duplicatesAreShown(api, source, line) {
  const n_repeats = new Map()
  for (const { ids } of line.deliveries.filter(({ forwarded }) => forwarded)) {
    for (const id of ids) {
      n_repeats.set(id, (n_repeats.get(id) ?? -1) + 1)
    }
  }
  const expected = [...n_repeats].flatMap(([id, n]) => Array(n).fill(id)).sort()
  const shown = await eventually(
    () => api.debugEvents(source.id, 'duplicate'),
    (events) => events.length >= expected.length,
  )
  assert.deepEqual(shown.map((event) => event.message_id).sort(), expected)
  return expected.length
}

/** What the library sent is what the log keeps, under the id that the library gave. */
export async function rawIsAsSent(api, stored, dialect) {
  for (const event of stored) {
    const detail = await api.debugEvent(event.seq)
    assert.equal(detail.delivery.dialect, dialect)
    assert.equal(detail.raw.messageId ?? detail.raw.uuid, event.message_id)
    const ms_off = Math.abs(Date.parse(event.received_at) - Date.now())
    assert.ok(ms_off < 120_000, `received just now, not at ${event.received_at}`)
  }
}

/** All identifiers (`[kind, value]`) point to one customer; answers it. */
export async function oneCustomer(api, identifiers) {
  const ids = []
  for (const [kind, value] of identifiers) {
    ids.push(await api.lookup(kind, value))
    assert.ok(ids.at(-1), `${kind} ${value} points to nobody`)
  }
  const words = identifiers.map(([kind, value], n) => `${kind} ${value} → ${ids[n]}`)
  assert.equal(new Set(ids).size, 1, `one customer, not several: ${words.join(', ')}`)
  const customer = await api.customer(ids[0])
  const known = new Set(customer.identifiers.map(({ kind, value }) => `${kind} ${value}`))
  for (const [kind, value] of identifiers) {
    assert.ok(known.has(`${kind} ${value}`), `${kind} ${value} is on the customer's page`)
  }
  return customer
}

/** The customer's traits have at least these values. */
export function hasTraits(customer, expected) {
  const traits = Object.fromEntries(customer.traits.map(({ name, value }) => [name, value]))
  for (const [name, value] of Object.entries(expected)) {
    assert.deepEqual(traits[name], value, `trait ${name}`)
  }
  return traits
}

/** The customer is in the account, and the account has these traits. */
export async function inAccount(api, customer, key, expected) {
  const membership = customer.accounts.find((account) => account.key === key)
  assert.ok(membership, `in account ${key}, not in ${JSON.stringify(customer.accounts)}`)
  await accountHas(api, key, expected)
}

/** The account has these traits. */
export async function accountHas(api, key, expected) {
  const [found] = (await api.pages('/api/accounts', { q: key })).filter((row) => row.key === key)
  assert.ok(found, `account ${key} exists`)
  const account = await api.account(found.id)
  const traits = Object.fromEntries(account.traits.map(({ name, value }) => [name, value]))
  for (const [name, value] of Object.entries(expected)) {
    assert.deepEqual(traits[name], value, `account trait ${name}`)
  }
}

/** One event of the timeline by its name; fails if there is none or more than one. */
export function only(timeline, name) {
  const found = timeline.filter((event) => event.name === name)
  assert.equal(found.length, 1, `${found.length} events are called ${name}, not one`)
  return found[0]
}

/** `actual` has every field of `expected` with an equal value. */
export function includes(actual, expected) {
  const picked = Object.fromEntries(Object.keys(expected).map((name) => [name, actual[name]]))
  assert.deepEqual(picked, expected)
}
