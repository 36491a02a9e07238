// Does PostHog's library for browsers work unmodified, in a browser?
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

const version = npmVersion('posthog-js')
const bench = useEngine()
const noBrowser = whyNoBrowser()
const options = { concurrency: 2, skip: noBrowser ? `skipped: ${noBrowser}` : false }

describe(`posthog-js ${version} in Chromium`, options, () => {
  test('every call arrives right, once, compressed', () => tells({}))
  test('every call arrives right, once, for profiles of everybody', () =>
    tells({ person_profiles: 'always', disable_compression: true }))
  test('it asks for flags, surveys and features, and there are none', () => asks())
  test('a retry after a lost answer does not double', () => retries())
  test('it comes again when the server is busy', () => waits())
  test('what happens while the page is left arrives', () => leaves())
})

/** A browser with a page on which the library is loaded. */
function onPage(plan, load, run) {
  return bench.onLine({ name: 'posthog-js', kind: 'browser', plan }, async (place) => {
    const site = await openSite('posthog')
    try {
      const { page, complaints } = await site.open('/welcome?utm_source=letter')
      const settings = { url: place.line.url, token: place.source.write_key, options: load }
      const { distinctId } = await page.evaluate((how) => window.tell.load(how), settings)
      const calls = (list) => page.evaluate((told) => window.tell.calls(told), list)
      await run({ ...place, site, page, complaints, distinctId, calls })
    } finally {
      await site.stop()
    }
  })
}

function tells(load) {
  return onPage([], load, async (place) => {
    const { api, source, line, tag, page, complaints, distinctId, calls } = place
    const who = { userId: `${tag}-user`, email: `ada@${tag}.example`, groupKey: `${tag}-account` }
    await page.click('#buy')
    await calls(story(who))
    // After reset the browser is somebody else.
    await calls([['reset'], ['capture', 'Passed By', {}]])
    const strangerId = await page.evaluate(() => window.tell.distinctId())
    const stored = await arrivedOnce(api, source, expected)
    assert.deepEqual(complaints, [], 'nothing on the console')
    assert.equal(await duplicatesAreShown(api, source, line), 0)
    const isPlain = ({ encoding }) => encoding === 'plain'
    assert.ok(line.deliveries.every((sent) => isPlain(sent) === !!load.disable_compression))
    assert.ok(line.others.every(({ status }) => status === 200))
    await rawIsAsSent(api, stored, 'posthog')
    await isKnown(api, who, distinctId, strangerId)
    await timelineIsRight(api, who, distinctId, place.site.url)
  })
}

function story({ userId, email, groupKey }) {
  const order = { order_id: `${userId}-order`, total: 39.8, currency: 'EUR' }
  return [
    ['register', { shelf: 'lamps' }],
    ['capture', 'Product Viewed', { name: 'Lämpchen – 灯 💡', nested: { deep: [1, { two: 2 }] } }],
    ['identify', userId, { name: 'Ada Löwe', email, plan: 'basic' }, { first: 'letter' }],
    ['setPersonProperties', { plan: 'pro', age: 42 }, { first: 'phone' }],
    ['group', 'company', groupKey, { name: 'Northlight', employees: 12 }],
    ['capture', 'Order Completed', order],
    ['alias', `${userId}-new`],
    ['captureException', 'the lamp is broken'],
  ]
}

const expected = [
  ['page', 'Page Viewed'],
  ['track', '$autocapture'],
  ['track', 'Product Viewed'],
  ['identify', 'Identified'],
  ['identify', 'Identified'],
  ['group', 'Account Joined'],
  ['track', 'Order Completed'],
  ['alias', 'Identity Linked'],
  ['track', '$exception'],
  ['track', 'Passed By'],
].map(([kind, name]) => ({ kind, name }))

async function isKnown(api, who, distinctId, strangerId) {
  const customer = await oneCustomer(api, [
    ['user_id', who.userId],
    ['anonymous_id', distinctId],
    ['user_id', `${who.userId}-new`],
    ['email', who.email],
  ])
  assert.equal(customer.is_known, true)
  const traits = { name: 'Ada Löwe', email: who.email, plan: 'pro', age: 42, first: 'letter' }
  hasTraits(customer, traits)
  await inAccount(api, customer, who.groupKey, { name: 'Northlight', employees: 12 })
  assert.deepEqual(customer.totals[0].revenue, { minor: 3980, currency: 'EUR' })
  assert.equal(customer.agents.length, 1)
  assert.match(customer.agents[0].browser, /Chrom/)
  const stranger = await oneCustomer(api, [['anonymous_id', strangerId]])
  assert.notEqual(stranger.canonical_id, customer.canonical_id)
  assert.equal(stranger.is_known, false)
  assert.equal(stranger.n_events, 1)
}

async function timelineIsRight(api, who, distinctId, site) {
  const timeline = await api.timeline(await api.lookup('user_id', who.userId))
  assert.equal(timeline.length, expected.length - 1)
  const viewed = only(timeline, 'Product Viewed')
  includes(viewed.properties, {
    ...{ name: 'Lämpchen – 灯 💡', nested: { deep: [1, { two: 2 }] }, shelf: 'lamps' },
  })
  assert.deepEqual(viewed.came_under, { kind: 'anonymous_id', value: distinctId })
  const page = only(timeline, 'Page Viewed')
  includes(page.properties, { url: `${site}/welcome?utm_source=letter`, path: '/welcome' })
  assert.equal(page.properties.title, 'The shop at /welcome')
  includes(only(timeline, '$autocapture').properties, { $event_type: 'click' })
  const order = only(timeline, 'Order Completed')
  assert.deepEqual(order.came_under, { kind: 'user_id', value: who.userId })
  for (const { name, context, occurred_at: occurred, received_at: received } of timeline) {
    includes(context.library, { name: 'web', version })
    assert.equal(context.ip, '127.0.0.1')
    const ms_off = Math.abs(Date.parse(occurred) - Date.parse(received))
    assert.ok(ms_off < 15_000, `${name} occurred ${ms_off} ms away from when it arrived`)
  }
}

function asks() {
  return onPage([], {}, async ({ page, complaints, line }) => {
    assert.deepEqual(await page.evaluate(() => window.tell.flags()), {
      ...{ flags: [], variants: {}, errors: false, one: null },
    })
    assert.deepEqual(await page.evaluate(() => window.tell.surveys()), { surveys: [], error: null })
    assert.deepEqual(await page.evaluate(() => window.tell.earlyAccess()), [])
    assert.deepEqual(complaints, [], 'nothing on the console')
    const paths = line.others.map(({ path }) => path.split('?')[0])
    assert.ok(paths.some((path) => path.startsWith('/flags')))
    assert.ok(line.others.every(({ status }) => status === 200))
  })
}

const short = (tag) => [
  ['capture', 'First', { n: 1 }],
  ['identify', `${tag}-user`, { plan: 'basic' }],
  ['capture', 'Second', { n: 2 }],
]
const shortEvents = [
  { kind: 'track', name: 'First' },
  { kind: 'identify', name: 'Identified' },
  { kind: 'track', name: 'Second' },
]
const quiet = { capture_pageview: false, capture_pageleave: false, autocapture: false }

function retries() {
  return onPage([cut, garble], quiet, async (place) => {
    const { api, source, line, tag, distinctId, calls } = place
    await calls(short(tag))
    await deliveredAfter(line, shortEvents.length, 3)
    await arrivedOnce(api, source, shortEvents)
    // The browser itself may repeat a request on a connection that broke: count what came.
    assert.ok((await duplicatesAreShown(api, source, line)) >= 2 * shortEvents.length)
    await shortStoryIsKnown(api, tag, distinctId)
  })
}

/** Only 503: this library throws events away on 429, so Rapport must not answer it so. */
function waits() {
  return onPage([busy(503, 1), busy(503, 2)], quiet, async (place) => {
    const { api, source, line, tag, distinctId, calls } = place
    await calls(short(tag))
    await deliveredAfter(line, shortEvents.length, 3)
    await arrivedOnce(api, source, shortEvents)
    assert.equal(await duplicatesAreShown(api, source, line), 0)
    await shortStoryIsKnown(api, tag, distinctId)
  })
}

/** Waits until so many events have been tried so often. */
async function deliveredAfter(line, n_events, n_attempts) {
  const done = () =>
    line.deliveries
      .filter(({ attempt, status }) => attempt >= n_attempts && status === 200)
      .flatMap(({ ids }) => ids)
  const ids = await eventually(done, (found) => new Set(found).size >= n_events, 40_000)
  assert.equal(new Set(ids).size, n_events, `${n_events} events came through in the end`)
}

async function shortStoryIsKnown(api, tag, distinctId) {
  const customer = await oneCustomer(api, [
    ['user_id', `${tag}-user`],
    ['anonymous_id', distinctId],
  ])
  assert.equal(customer.n_events, 3)
  hasTraits(customer, { plan: 'basic' })
}

/**
 * What is still queued when the page is left goes out as a beacon, with the leaving itself; what is
 * on its way at that moment may be sent again.
 */
function leaves() {
  return onPage([], {}, async ({ api, source, page, site, line, calls }) => {
    await calls([['capture', 'Left In A Hurry', { n: 1 }]])
    await page.goto(`${site.url}/next`)
    await arrivedOnce(api, source, [
      { kind: 'page', name: 'Page Viewed' },
      { kind: 'track', name: 'Left In A Hurry' },
      { kind: 'track', name: '$pageleave' },
    ])
    await duplicatesAreShown(api, source, line)
  })
}
