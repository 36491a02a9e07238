import { expect, test } from 'vitest'
import type { TimelineEvent } from '@/api/types'
import { tell } from './story'

const event = (
  kind: TimelineEvent['kind'],
  name: string,
  properties: Record<string, unknown> = {},
): TimelineEvent => ({
  seq: 'p_1.0',
  occurred_at: '2026-11-21T10:00:00Z',
  received_at: '2026-11-21T10:00:01Z',
  kind,
  name,
  source: { id: 's_1', name: 'Web shop' },
  came_under: { kind: 'user_id', value: 'u' },
  message_id: 'm',
  properties,
  traits: {},
  context: {},
})

const line = (e: TimelineEvent) => {
  const { title, detail } = tell(e)
  return [title, detail].filter(Boolean).join(' | ')
}

test.each([
  [
    event('track', 'Order Completed', {
      total: 208,
      currency: 'EUR',
      products: [{ name: 'Hub' }, { name: 'Camera' }],
    }),
    'Ordered for €208.00 | Hub, Camera',
  ],
  [event('track', 'Order Completed', { order_id: 'NL-1' }), 'Ordered | order NL-1'],
  [event('track', 'Product Viewed', { product_id: 'hub-2' }), 'Looked at | hub-2'],
  [event('track', 'Email Opened', { subject: 'Spring' }), 'Opened an e-mail | Spring'],
  [event('track', 'Device Paired', { device: 'cam' }), 'Device Paired | cam'],
  [event('track', 'Checkout Step Completed', { step: 2 }), 'Went on in the checkout | step 2'],
  [event('page', 'Page Viewed', { path: '/hubs' }), 'Looked at | /hubs'],
  [event('track', 'Order Completed', { total: 'a lot', products: 'none' }), 'Ordered'],
  [event('track', 'Order Completed', { total: null, products: [null, 7] }), 'Ordered | 2 products'],
  // An engine that is newer than the page.
  [event('someday' as TimelineEvent['kind'], 'A new kind', {}), 'A new kind'],
])('tells %#', (e, words) => {
  expect(line(e)).toBe(words)
})

test('looking around can be folded, orders cannot', () => {
  expect(tell(event('page', 'Page Viewed')).look).toBe('page')
  expect(tell(event('track', 'Order Completed')).look).toBeNull()
  expect(tell(event('track', 'Product Viewed')).look).toBe('product')
})
