// Does Segment's library for browsers work unmodified, in a browser?
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventually } from '../harness/api.mjs'
import { useEngine } from '../harness/bench.mjs'
import { openSite, whyNoBrowser } from '../harness/browser.mjs'
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
import { npmVersion } from '../harness/pins.mjs'
import { busy, cut, garble } from '../harness/proxy.mjs'
import { product } from '../stories/segment.mjs'

const version = npmVersion('@segment/analytics-next')
const batching = { strategy: 'batching', config: { size: 4, timeout: 500 } }
const withBatches = { integrations: { 'Segment.io': { deliveryStrategy: batching } } }

const bench = useEngine()
const noBrowser = whyNoBrowser()
const options = { concurrency: 2, skip: noBrowser ? `skipped: ${noBrowser}` : false }

describe(`@segment/analytics-next ${version} in Chromium`, options, () => {
  test('every call arrives right, once', () => tells({}))
  test('every call arrives right, once, in batches', () => tells(withBatches))
  test('a retry after a lost answer does not double', () => retries({}))
  test('a retry of a batch after a lost answer does not double', () => retries(withBatches))
  test('it comes again when the server is busy', () => waits({}))
  test('what a page could not deliver comes from the next page', () => leaves())
})

/** A browser with a page on which the library is loaded. */
function onPage(plan, load, run) {
  return bench.onLine({ name: 'segment-next', kind: 'browser', plan }, async (place) => {
    const site = await openSite('segment')
    try {
      const { page, complaints } = await site.open('/welcome?utm_source=letter')
      const settings = { url: place.line.url, writeKey: place.source.write_key, options: load }
      const { anonymousId } = await page.evaluate((how) => window.tell.load(how), settings)
      const calls = (list) => page.evaluate((told) => window.tell.calls(told), list)
      await run({ ...place, site, page, complaints, settings, anonymousId, calls })
    } finally {
      await site.stop()
    }
  })
}

function tells(load) {
  return onPage([], load, async (place) => {
    const { api, source, line, tag, page, complaints, anonymousId, calls } = place
    const who = { userId: `${tag}-user`, email: `ada@${tag}.example`, groupId: `${tag}-account` }
    await calls(story(who))
    // After reset the browser is somebody else.
    await calls([['reset'], ['track', 'Passed By', {}]])
    const strangerId = await page.evaluate(() => window.tell.anonymousId())
    const stored = await arrivedOnce(api, source, [
      { kind: 'page', name: 'Page Viewed' },
      { kind: 'track', name: 'Product Viewed' },
      { kind: 'screen', name: 'Screen Viewed' },
      { kind: 'identify', name: 'Identified' },
      { kind: 'track', name: 'Order Completed' },
      { kind: 'group', name: 'Account Joined' },
      { kind: 'alias', name: 'Identity Linked' },
      { kind: 'track', name: 'Passed By' },
    ])
    assert.deepEqual(complaints, [], 'nothing on the console')
    assert.equal(await duplicatesAreShown(api, source, line), 0)
    const isBatching = load === withBatches
    assert.equal(line.deliveries.length < stored.length, isBatching)
    assert.ok(line.others.every(({ status }) => status < 300))
    await rawIsAsSent(api, stored, 'segment')
    await isKnown(api, who, anonymousId, strangerId)
    await timelineIsRight(api, who, anonymousId, place.site.url)
  })
}

function story({ userId, email, groupId }) {
  const order = { order_id: `${userId}-order`, total: 39.8, currency: 'EUR', products: [product] }
  return [
    ['page', 'Shop', 'Welcome', { shelf: 'lamps' }],
    ['track', 'Product Viewed', { ...product, nested: { deep: [1, { two: 2 }] }, nothing: null }],
    ['screen', 'Basket', { n_items: 2 }],
    // After `identify` the library would send the known id for both ids, whatever it is told.
    ['alias', userId],
    ['identify', userId, { name: 'Ada Löwe', email, plan: 'pro', age: 42 }],
    ['track', 'Order Completed', order],
    ['group', groupId, { name: 'Northlight', employees: 12 }],
  ]
}

async function isKnown(api, who, anonymousId, strangerId) {
  const customer = await oneCustomer(api, [
    ['user_id', who.userId],
    ['anonymous_id', anonymousId],
    ['email', who.email],
  ])
  assert.equal(customer.is_known, true)
  hasTraits(customer, { name: 'Ada Löwe', email: who.email, plan: 'pro', age: 42 })
  await inAccount(api, customer, who.groupId, { name: 'Northlight', employees: 12 })
  assert.deepEqual(customer.totals[0].revenue, { minor: 3980, currency: 'EUR' })
  assert.equal(customer.agents.length, 1)
  assert.match(customer.agents[0].browser, /Chrom/)
  const stranger = await oneCustomer(api, [['anonymous_id', strangerId]])
  assert.notEqual(stranger.canonical_id, customer.canonical_id)
  assert.equal(stranger.is_known, false)
  assert.equal(stranger.n_events, 1)
}

async function timelineIsRight(api, who, anonymousId, site) {
  const timeline = await api.timeline(await api.lookup('user_id', who.userId))
  assert.equal(timeline.length, 7)
  const viewed = only(timeline, 'Product Viewed')
  includes(viewed.properties, { ...product, nested: { deep: [1, { two: 2 }] }, nothing: null })
  assert.deepEqual(viewed.came_under, { kind: 'anonymous_id', value: anonymousId })
  includes(only(timeline, 'Page Viewed').properties, {
    ...{ name: 'Welcome', category: 'Shop', shelf: 'lamps', path: '/welcome' },
    ...{ url: `${site}/welcome?utm_source=letter`, title: 'The shop at /welcome' },
  })
  includes(only(timeline, 'Screen Viewed').properties, { name: 'Basket', n_items: 2 })
  const order = only(timeline, 'Order Completed')
  assert.deepEqual(order.properties.products, [product])
  assert.deepEqual(order.came_under, { kind: 'user_id', value: who.userId })
  for (const { context, occurred_at: occurred, received_at: received } of timeline) {
    includes(context.library, { name: 'analytics.js', version: `npm:next-${version}` })
    assert.ok(context.userAgent.includes('Chrom'))
    assert.equal(context.ip, '127.0.0.1')
    assert.ok(Math.abs(Date.parse(occurred) - Date.parse(received)) < 15_000)
  }
}

const short = (tag) => [
  ['track', 'First', { n: 1 }],
  ['identify', `${tag}-user`, { plan: 'basic' }],
  ['track', 'Second', { n: 2 }],
]
const shortEvents = [
  { kind: 'track', name: 'First' },
  { kind: 'identify', name: 'Identified' },
  { kind: 'track', name: 'Second' },
]

function retries(load) {
  return onPage([cut, garble], load, async (place) => {
    const { api, source, line, tag, anonymousId, calls } = place
    await calls(short(tag))
    await deliveredAfter(line, shortEvents.length, 3)
    await arrivedOnce(api, source, shortEvents)
    // The browser itself may repeat a request on a connection that broke: count what came.
    assert.ok((await duplicatesAreShown(api, source, line)) >= 2 * shortEvents.length)
    await shortStoryIsKnown(api, tag, anonymousId)
  })
}

function waits(load) {
  return onPage([busy(503, 1), busy(429, 2)], load, async (place) => {
    const { api, source, line, tag, anonymousId, calls } = place
    await calls(short(tag))
    await deliveredAfter(line, shortEvents.length, 3)
    await arrivedOnce(api, source, shortEvents)
    assert.equal(await duplicatesAreShown(api, source, line), 0)
    await shortStoryIsKnown(api, tag, anonymousId)
  })
}

/** Waits until so many events have been tried so often. */
async function deliveredAfter(line, n_events, n_attempts) {
  const done = () =>
    line.deliveries
      .filter(({ attempt, status }) => attempt >= n_attempts && status === 200)
      .flatMap(({ ids }) => ids)
  const ids = await eventually(done, (found) => new Set(found).size >= n_events, 30_000)
  assert.equal(new Set(ids).size, n_events, `${n_events} events came through in the end`)
}

async function shortStoryIsKnown(api, tag, anonymousId) {
  const customer = await oneCustomer(api, [
    ['user_id', `${tag}-user`],
    ['anonymous_id', anonymousId],
  ])
  assert.equal(customer.n_events, 3)
  hasTraits(customer, { plan: 'basic' })
}

/** The page is left while an answer is lost: the library keeps the event in the browser's store. */
function leaves() {
  return onPage([cut], {}, async (place) => {
    const { api, source, line, page, settings, calls, site } = place
    await calls([['track', 'Left In A Hurry', { n: 1 }]])
    await eventually(
      () => line.deliveries.length,
      (n) => n >= 1,
    )
    await page.goto(`${site.url}/next`)
    await page.evaluate((how) => window.tell.load(how), settings)
    await deliveredAfter(line, 1, 2)
    await arrivedOnce(api, source, [{ kind: 'track', name: 'Left In A Hurry' }])
    assert.ok((await duplicatesAreShown(api, source, line)) >= 1)
  })
}
