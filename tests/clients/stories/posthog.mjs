// What is told with PostHog's server libraries, and which events must come of it?

/** Calls that each library offers. */
export const POSTHOG_CALLS = {
  'posthog-node': [
    ...['capture', 'capture_immediately', 'capture_ai', 'identify', 'set', 'set_once', 'unset'],
    ...['alias', 'group', 'exception', 'flags'],
  ],
  'posthog-python': [
    ...['capture', 'capture_ai', 'set', 'set_once', 'alias', 'group', 'exception', 'flags'],
  ],
}

/** A story about one customer, nameless at first; an account; a stranger; a guest without name. */
export function posthogStory(tag, calls, now = Date.now()) {
  const who = {
    anonymousId: crypto.randomUUID(),
    userId: `${tag}-user`,
    strangerId: `${tag}-stranger`,
    guestId: `${tag}-guest`,
    email: `ada@${tag}.example`,
    groupKey: `${tag}-account`,
    orderId: `${tag}-order`,
  }
  const all = [...nameless(who), ...known(who, now), ...others(who)]
  return { who, steps: all.filter(({ call }) => calls.includes(call)) }
}

const everyType = {
  product_id: 'lamp-1',
  name: 'Lämpchen – 灯 💡 "quoted" \\ back',
  price: 19.9,
  in_stock: true,
  views: 12345678901,
  tags: ['new', 'sale'],
  nested: { deep: { deeper: [1, { two: 2 }] } },
}

function nameless({ anonymousId: distinctId }) {
  const url = 'https://shop.example/welcome'
  return [
    { call: 'capture', distinctId, event: '$pageview', properties: { $current_url: url } },
    { call: 'capture', distinctId, event: 'Product Viewed', properties: everyType },
    { call: 'capture', distinctId, event: '$screen', properties: { $screen_name: 'Basket' } },
  ]
}

function known({ anonymousId, userId: distinctId, email, groupKey, orderId }, now) {
  const timestamp = new Date(now - 26 * 3_600_000).toISOString().replace('Z', '+00:00')
  const traits = { name: 'Ada Löwe', email, age: 42 }
  const order = {
    ...{ order_id: orderId, total: 39.8, currency: 'EUR' },
    products: [{ product_id: 'lamp-1', price: 19.9, quantity: 2 }],
  }
  return [
    { call: 'alias', distinctId, alias: anonymousId },
    { call: 'identify', distinctId, properties: { $set: traits, $set_once: { first: 'letter' } } },
    { call: 'set', distinctId, properties: { ...traits, plan: 'basic', spare: 'gone' } },
    { call: 'set', distinctId, properties: { plan: 'pro' } },
    { call: 'set_once', distinctId, properties: { first: 'letter' } },
    { call: 'set_once', distinctId, properties: { first: 'phone' } },
    { call: 'unset', distinctId, properties: ['spare'] },
    {
      call: 'capture',
      ...{ distinctId, event: 'Order Completed', properties: order },
      groups: { company: groupKey },
    },
    { call: 'capture', distinctId, event: 'Remembered', properties: { when: 1 }, timestamp },
    { call: 'capture_immediately', distinctId, event: 'Hurried', properties: {} },
    { call: 'capture_ai', distinctId, event: '$ai_generation', properties: { $ai_model: 'm' } },
    { call: 'exception', distinctId, message: 'the lamp is broken' },
    { call: 'flags', distinctId },
    {
      call: 'group',
      ...{ groupType: 'company', groupKey },
      properties: { name: 'Northlight', employees: 12 },
    },
  ]
}

function others({ userId, strangerId, guestId }) {
  const many = Array.from({ length: 30 }, (_, n) => ({
    call: 'capture',
    ...{ distinctId: userId, event: `Counted ${n}`, properties: { n } },
  }))
  const unprofiled = { $process_person_profile: false }
  return [
    ...many,
    { call: 'capture', distinctId: strangerId, event: 'Passed By', properties: {} },
    { call: 'capture', distinctId: guestId, event: 'Peeked', properties: unprofiled },
  ]
}

/** A few events, for the runs in which the line is bad. */
export function shortPosthogStory(tag) {
  const distinctId = `${tag}-user`
  const steps = [
    { call: 'capture', distinctId, event: 'First', properties: { n: 1 } },
    { call: 'set', distinctId, properties: { plan: 'basic' } },
    { call: 'capture', distinctId, event: 'Second', properties: { n: 2 } },
  ]
  return { who: { userId: distinctId }, steps }
}

/** The kind and name under which a step's event is known; null if it sends none. */
export function posthogEvent({ call, event }) {
  const fixed = {
    identify: ['identify', 'Identified'],
    set: ['identify', 'Identified'],
    set_once: ['identify', 'Identified'],
    unset: ['identify', 'Identified'],
    alias: ['alias', 'Identity Linked'],
    group: ['group', 'Account Joined'],
    exception: ['track', '$exception'],
    flags: ['track', '$feature_flag_called'],
  }
  const named = {
    $pageview: ['page', 'Page Viewed'],
    $screen: ['screen', 'Screen Viewed'],
  }
  const [kind, name] = fixed[call] ?? named[event] ?? ['track', event]
  return { kind, name }
}
