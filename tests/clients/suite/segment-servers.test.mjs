// Do the server libraries of Segment and RudderStack work unmodified?
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { useEngine } from '../harness/bench.mjs'
import {
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
import { eventName, product, segmentStory, shortStory } from '../stories/segment.mjs'

const segment = { dialect: 'segment', gzips: [false] }
const segmentPython = { ...segment, library: 'segment-python', gzips: [false, true] }
const rudder = { dialect: 'rudderstack', gzips: [false, true] }
const analytics = 'segment-analytics-python'
// What each calls itself in its events; RudderStack's use Segment's names.
const clients = [
  {
    ...{ ...segment, library: 'segment-node', runtime: 'node' },
    says: `@segment/analytics-node ${npmVersion('@segment/analytics-node')}`,
  },
  {
    ...{ ...segmentPython, runtime: 'newest' },
    says: `analytics-python ${pythonVersion(analytics, 'newest')}`,
  },
  {
    ...{ ...segmentPython, runtime: 'before' },
    says: `analytics-python ${pythonVersion(analytics, 'before')}`,
  },
  {
    ...{ ...rudder, library: 'rudder-node', runtime: 'node' },
    says: `analytics-node ${npmVersion('@rudderstack/rudder-sdk-node')}`,
  },
  {
    ...{ ...rudder, library: 'rudder-python', runtime: 'newest' },
    says: `analytics-python ${pythonVersion('rudder-sdk-python', 'newest')}`,
  },
]

const bench = useEngine()

for (const client of clients) {
  const noPython = client.runtime === 'node' ? null : whyNoPython()
  const options = { concurrency: 2, skip: noPython ? `skipped: ${noPython}` : false }
  describe(`${client.library}, which calls itself ${client.says}`, options, () => {
    for (const gzip of client.gzips) {
      test(`every call arrives right, once${gzip ? ', compressed' : ''}`, () => tells(client, gzip))
    }
    test('a retry after a lost answer does not double', () => retries(client))
    test('it comes again when the server is busy', () => waits(client))
    if (client.dialect === 'rudderstack') {
      test('events may be larger than Segment allows', () => isLarge(client))
    }
  })
}

function onLine(client, plan, run) {
  return bench.onLine({ name: client.library, kind: 'server', plan }, run)
}

const job = ({ source, line }, steps, gzip) => ({
  url: line.url,
  write_key: source.write_key,
  gzip,
  steps,
})

const events = (steps) => steps.map((step) => ({ kind: step.call, name: eventName(step) }))

function tells(client, gzip) {
  return onLine(client, [], async (place) => {
    const { api, source, line, tag } = place
    const { who, steps } = segmentStory(tag)
    const { complaints } = await drive(client, job(place, steps, gzip))
    assert.equal(complaints, '', 'the library had nothing to complain of')
    const stored = await arrivedOnce(api, source, events(steps))
    assert.equal(await duplicatesAreShown(api, source, line), 0)
    assert.ok(line.deliveries.every(({ encoding }) => (encoding === 'gzip') === gzip))
    assert.ok(line.deliveries.length < steps.length, 'it sent batches')
    await rawIsAsSent(api, stored.slice(0, 12), client.dialect)
    await customerIsKnown(api, who)
    await timelineIsRight(api, who, steps, client)
  })
}

async function customerIsKnown(api, who) {
  const customer = await oneCustomer(api, [
    ['user_id', who.userId],
    ['anonymous_id', who.anonymousId],
    ['user_id', who.legacyId],
    ['email', who.email],
  ])
  assert.equal(customer.is_known, true)
  assert.equal(customer.name, 'Ada Löwe')
  hasTraits(customer, {
    email: who.email,
    plan: 'pro',
    age: 42,
    newsletter: true,
    address: { city: 'Lübeck', country: 'DE' },
  })
  await inAccount(api, customer, who.groupId, { name: 'Northlight', employees: 12 })
  assert.deepEqual(
    customer.totals.map(({ currency, n_orders, revenue }) => ({ currency, n_orders, revenue })),
    [{ currency: 'EUR', n_orders: 1, revenue: { minor: 3980, currency: 'EUR' } }],
  )
  includes(customer.orders[0], { order_id: who.orderId, n_items: 2 })
  const stranger = await oneCustomer(api, [['user_id', who.strangerId]])
  assert.notEqual(stranger.canonical_id, customer.canonical_id)
  assert.equal(stranger.n_events, 2)
}

async function timelineIsRight(api, who, steps, client) {
  const timeline = await api.timeline(await api.lookup('user_id', who.userId))
  assert.equal(timeline.length, steps.length - 2, 'all but the two events of the stranger')
  for (const step of steps.filter(({ userId }) => userId !== who.strangerId)) {
    const event = only(timeline, eventName(step))
    const named = { category: step.category, name: step.name }
    const properties = { ...(step.name && JSON.parse(JSON.stringify(named))), ...step.properties }
    assert.deepEqual(event.properties, properties, `properties of ${event.name}`)
    const { name, version } = event.context.library
    assert.equal(`${name} ${version}`, client.says)
    const kind = step.userId ? 'user_id' : 'anonymous_id'
    assert.deepEqual(event.came_under, { kind, value: step.userId ?? step.anonymousId })
    const occurred = step.timestamp ? Date.parse(step.timestamp) : Date.parse(event.received_at)
    const ms_off = Math.abs(Date.parse(event.occurred_at) - occurred)
    assert.ok(ms_off < 15_000, `${event.name} occurred ${ms_off} ms away from when it did`)
  }
  const remembered = only(timeline, 'Remembered')
  includes(remembered.context, {
    campaign: { name: 'spring', source: 'letter' },
    ip: '203.0.113.7',
  })
  assert.deepEqual(only(timeline, 'Order Completed').properties.products, [product])
}

function retries(client) {
  return onLine(client, [cut, garble], async (place) => {
    const { api, source, line, tag } = place
    const { who, steps } = shortStory(tag)
    await drive(client, job(place, steps, client.gzips.at(-1)))
    await arrivedOnce(api, source, events(steps))
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
    const { who, steps } = shortStory(tag)
    await drive(client, job(place, steps, client.gzips.at(-1)))
    await arrivedOnce(api, source, events(steps))
    assert.ok(
      line.deliveries.some(({ attempt }) => attempt === 3),
      'it came again',
    )
    assert.equal(await duplicatesAreShown(api, source, line), 0)
    await shortStoryIsKnown(api, who)
  })
}

async function shortStoryIsKnown(api, { userId, anonymousId }) {
  const customer = await oneCustomer(api, [
    ['user_id', userId],
    ['anonymous_id', anonymousId],
  ])
  assert.equal(customer.n_events, 3)
  hasTraits(customer, { plan: 'basic' })
  const timeline = await api.timeline(customer.canonical_id)
  assert.deepEqual(timeline.map(({ name }) => name).sort(), ['First', 'Identified', 'Second'])
}

function isLarge(client) {
  return onLine(client, [], async (place) => {
    const { api, source, tag } = place
    const text = 'x'.repeat(200_000)
    const step = { call: 'track', userId: `${tag}-user`, event: 'Wrote', properties: { text } }
    const { complaints } = await drive(client, job(place, [step], false))
    // The library warns of what Segment would not take, and sends it.
    assert.ok(!/error/i.test(complaints), complaints)
    await arrivedOnce(api, source, [{ kind: 'track', name: 'Wrote' }])
    const timeline = await api.timeline(await api.lookup('user_id', `${tag}-user`))
    assert.equal(timeline[0].properties.text.length, text.length)
  })
}
