// What is told with the libraries that speak Segment's language, and what must be known after it?

/**
 * A story about one customer: first nameless, then known, in an account, with a past under another
 * id; and about a stranger, who has to stay one. `tag` keeps stories apart.
 */
export function segmentStory(tag, now = Date.now()) {
  const who = {
    anonymousId: crypto.randomUUID(),
    userId: `${tag}-user`,
    legacyId: `${tag}-legacy`,
    strangerId: `${tag}-stranger`,
    email: `ada@${tag}.example`,
    groupId: `${tag}-account`,
    orderId: `${tag}-order`,
  }
  return { who, steps: [...nameless(who), ...known(who, now), ...others(who)] }
}

export const product = {
  product_id: 'lamp-1',
  name: 'Lämpchen – 灯 💡 "quoted" \\ back',
  price: 19.9,
  quantity: 2,
}

const everyType = {
  ...product,
  in_stock: true,
  rating: -0.5,
  views: 12345678901,
  tags: ['new', 'sale'],
  nested: { deep: { deeper: [1, { two: 2 }] } },
  nothing: null,
  empty: '',
}

function nameless({ anonymousId }) {
  return [
    {
      call: 'page',
      anonymousId,
      category: 'Shop',
      name: 'Welcome',
      properties: { url: 'https://shop.example/welcome?a=1', path: '/welcome', title: 'Hello' },
    },
    { call: 'track', anonymousId, event: 'Product Viewed', properties: everyType },
    { call: 'screen', anonymousId, name: 'Basket', properties: { n_items: 2 } },
  ]
}

function known({ anonymousId, userId, legacyId, email, groupId, orderId }, now) {
  const traits = {
    name: 'Ada Löwe',
    email,
    plan: 'pro',
    age: 42,
    newsletter: true,
    address: { city: 'Lübeck', country: 'DE' },
  }
  const order = { order_id: orderId, total: 39.8, currency: 'EUR', products: [product] }
  const yesterday = new Date(now - 26 * 3_600_000).toISOString()
  return [
    { call: 'identify', userId, anonymousId, traits },
    { call: 'track', userId, event: 'Order Completed', properties: order },
    { call: 'group', userId, groupId, traits: { name: 'Northlight', employees: 12 } },
    {
      call: 'track',
      userId,
      event: 'Remembered',
      properties: { when: 'yesterday' },
      context: { campaign: { name: 'spring', source: 'letter' }, ip: '203.0.113.7' },
      timestamp: yesterday.replace('Z', '+00:00'),
    },
    { call: 'track', userId: legacyId, event: 'Signed Up', properties: { era: 'legacy' } },
    { call: 'alias', previousId: legacyId, userId },
  ]
}

function others({ userId, strangerId }) {
  const many = Array.from({ length: 30 }, (_, n) => ({
    call: 'track',
    userId,
    event: `Counted ${n}`,
    properties: { n },
  }))
  const stranger = [
    { call: 'identify', userId: strangerId, traits: { name: 'Bea' } },
    { call: 'track', userId: strangerId, event: 'Passed By', properties: {} },
  ]
  return [...many, ...stranger]
}

/** The name under which a step's event is known. */
export function eventName({ call, event }) {
  const names = {
    identify: 'Identified',
    page: 'Page Viewed',
    screen: 'Screen Viewed',
    group: 'Account Joined',
    alias: 'Identity Linked',
  }
  return event ?? names[call]
}

/** A few events, for the runs in which the line is bad. */
export function shortStory(tag) {
  const userId = `${tag}-user`
  const anonymousId = crypto.randomUUID()
  const steps = [
    { call: 'track', anonymousId, event: 'First', properties: { n: 1 } },
    { call: 'identify', userId, anonymousId, traits: { plan: 'basic' } },
    { call: 'track', userId, event: 'Second', properties: { n: 2 } },
  ]
  return { who: { userId, anonymousId }, steps }
}
