// Do PostHog's server libraries work unmodified?
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { useEngine } from '../harness/bench.mjs'
import {
  accountHas,
  arrivedOnce,
  duplicatesAreShown,
  hasTraits,
  inAccount,
  includes,
  oneCustomer,
  only,
  rawIsAsSent,
} from '../harness/checks.mjs'
import { drive } from '../harness/drive.mjs'
import { npmVersion, pythonVersion } from '../harness/pins.mjs'
import { busy, cut, garble } from '../harness/proxy.mjs'
import { whyNoPython } from '../harness/python.mjs'
import {
  POSTHOG_CALLS,
  posthogEvent,
  posthogStory,
  shortPosthogStory,
} from '../stories/posthog.mjs'

const clients = [
  { library: 'posthog-node', runtime: 'node', says: `posthog-node ${npmVersion('posthog-node')}` },
  {
    ...{ library: 'posthog-python', runtime: 'newest' },
    says: `posthog-python ${pythonVersion('posthog', 'newest')}`,
  },
]

const bench = useEngine()

for (const client of clients) {
  const noPython = client.runtime === 'node' ? null : whyNoPython()
  const options = { concurrency: 2, skip: noPython ? `skipped: ${noPython}` : false }
  describe(client.says, options, () => {
    test('every call arrives right, once', () => tells(client, { gzip: false }))
    test('every call arrives right, once, compressed', () => tells(client, { gzip: true }))
    if (client.library === 'posthog-python') {
      const job = { gzip: true, capture_mode: 'v1' }
      test('every call arrives right, once, by its newer protocol', () => tells(client, job))
    }
    test('a retry after a lost answer does not double', () => retries(client))
    test('it comes again when the server is busy', () => waits(client))
  })
}

function onLine(client, plan, run) {
  return bench.onLine({ name: client.library, kind: 'server', plan }, run)
}

const job = ({ source, line }, steps, how) => ({
  url: line.url,
  write_key: source.write_key,
  steps,
  ...how,
})

function tells(client, how) {
  return onLine(client, [], async (place) => {
    const { api, source, line, tag } = place
    const { who, steps } = posthogStory(tag, POSTHOG_CALLS[client.library])
    const { answers, complaints } = await drive(client, job(place, steps, how))
    assert.equal(complaints, '', 'the library had nothing to complain of')
    assert.deepEqual(answers.flags, {
      all: {},
      one: false,
      payloads: { featureFlags: {}, featureFlagPayloads: {} },
    })
    assert.ok(line.others.length > 0 && line.others.every(({ status }) => status === 200))
    const stored = await arrivedOnce(api, source, steps.map(posthogEvent))
    assert.equal(await duplicatesAreShown(api, source, line), 0)
    assert.ok(line.deliveries.some(({ encoding }) => (encoding === 'gzip') === how.gzip))
    assert.ok(line.deliveries.length < steps.length, 'it sent batches')
    await rawIsAsSent(api, stored.slice(0, 12), 'posthog')
    await customerIsKnown(api, who, client)
    await timelineIsRight(api, who, steps, client)
  })
}

async function customerIsKnown(api, who, client) {
  const customer = await oneCustomer(api, [
    ['user_id', who.userId],
    ['anonymous_id', who.anonymousId],
    ['email', who.email],
  ])
  assert.equal(customer.is_known, true)
  assert.equal(customer.name, 'Ada Löwe')
  const traits = hasTraits(customer, { email: who.email, age: 42, plan: 'pro', first: 'letter' })
  if (POSTHOG_CALLS[client.library].includes('unset')) {
    assert.ok(!('spare' in traits), 'a trait that was unset is gone')
  }
  await inAccount(api, customer, who.groupKey, { name: 'Northlight', employees: 12 })
  assert.deepEqual(
    customer.totals.map(({ n_orders, revenue }) => ({ n_orders, revenue })),
    [{ n_orders: 1, revenue: { minor: 3980, currency: 'EUR' } }],
  )
  const stranger = await oneCustomer(api, [['user_id', who.strangerId]])
  assert.notEqual(stranger.canonical_id, customer.canonical_id)
  assert.deepEqual([stranger.n_events, stranger.is_known], [1, true])
  const guest = await oneCustomer(api, [['anonymous_id', who.guestId]])
  assert.deepEqual([guest.n_events, guest.is_known], [1, false])
}

async function timelineIsRight(api, who, steps, client) {
  const timeline = await api.timeline(await api.lookup('user_id', who.userId))
  assert.equal(timeline.length, steps.length - 3, 'all but stranger, guest and account')
  const hers = [who.userId, who.anonymousId]
  const captures = steps.filter(
    ({ call, distinctId }) => call === 'capture' && hers.includes(distinctId),
  )
  for (const step of captures) {
    const event = only(timeline, posthogEvent(step).name)
    const { $current_url: url, $screen_name: name, ...others } = step.properties
    includes(event.properties, { ...others, ...(url && { url }), ...(name && { name }) })
    const { name: library, version } = event.context.library
    assert.equal(`${library} ${version}`, client.says)
    const isAnonymous = step.distinctId === who.anonymousId
    const kind = isAnonymous ? 'anonymous_id' : 'user_id'
    assert.deepEqual(event.came_under, { kind, value: step.distinctId })
    const occurred = step.timestamp ? Date.parse(step.timestamp) : Date.parse(event.received_at)
    const ms_off = Math.abs(Date.parse(event.occurred_at) - occurred)
    assert.ok(ms_off < 15_000, `${event.name} occurred ${ms_off} ms away from when it did`)
  }
}

function retries(client) {
  return onLine(client, [cut, garble], async (place) => {
    const { api, source, line, tag } = place
    const { who, steps } = shortPosthogStory(tag)
    await drive(client, job(place, steps, { gzip: true }))
    await arrivedOnce(api, source, steps.map(posthogEvent))
    assert.ok(
      line.deliveries.some(({ attempt }) => attempt === 3),
      'it tried three times',
    )
    assert.ok(
      line.deliveries.every(({ status }) => status === 200),
      'the server took each',
    )
    assert.equal(await duplicatesAreShown(api, source, line), 2 * steps.length)
    await shortStoryIsKnown(api, who)
  })
}

function waits(client) {
  return onLine(client, [busy(503, 1), busy(429, 2)], async (place) => {
    const { api, source, line, tag } = place
    const { who, steps } = shortPosthogStory(tag)
    await drive(client, job(place, steps, { gzip: true }))
    await arrivedOnce(api, source, steps.map(posthogEvent))
    assert.ok(
      line.deliveries.some(({ attempt }) => attempt === 3),
      'it came again',
    )
    assert.equal(await duplicatesAreShown(api, source, line), 0)
    await shortStoryIsKnown(api, who)
  })
}

async function shortStoryIsKnown(api, { userId }) {
  const customer = await oneCustomer(api, [['user_id', userId]])
  assert.equal(customer.n_events, 3)
  hasTraits(customer, { plan: 'basic' })
}

test('an account that nobody is behind makes no customer', () =>
  onLine(clients[0], [], async (place) => {
    const { api, source, tag } = place
    const groupKey = `${tag}-alone`
    const steps = [{ call: 'group', groupType: 'company', groupKey, properties: { size: 7 } }]
    await drive(clients[0], job(place, steps, { gzip: true }))
    const [stored] = await arrivedOnce(api, source, steps.map(posthogEvent))
    assert.equal(stored.customer_id, null)
    await accountHas(api, groupKey, { size: 7 })
  }))
