import { expect, test } from 'vitest'
import type { ImportMapping, UploadColumn } from '@/api/types'
import { NO_RULE, partsPlayed, plainName, playedBy, withName, withPart, type Part } from './parts'
import { partChoices, timeFormatWords } from './partWords'

const column = (name: string, more: Partial<UploadColumn> = {}): UploadColumn => ({
  name,
  holds: 'text',
  time_format: null,
  time_rival: null,
  n_seen: 3,
  n_empty: 0,
  n_distinct: 3,
  examples: ['a', 'b'],
  ...more,
})
const field = (name: string) => ({ column: name, value: null, as: null, prefix: null })

const people: ImportMapping = {
  name: 'people',
  about: null,
  rows: 'cells',
  id: [],
  file: { format: null, delimiter: null, encoding: null, heading: null },
  customer: {
    user_id: null,
    anonymous_id: null,
    anonymous_always: false,
    email: field('mail'),
    phone: null,
  },
  time: null,
  group: null,
  order: null,
  properties: {},
  traits: { city: field('town') },
  rest: null,
  events: [{ ...NO_RULE, call: 'identify' }],
}

const lines: ImportMapping = {
  ...people,
  name: 'shop',
  customer: {
    ...people.customer,
    email: null,
    user_id: field('who'),
    anonymous_id: { ...field('nr'), prefix: 'order-' },
  },
  group: { by: ['nr'], within_rows: 10_000 },
  order: {
    order_id: field('nr'),
    currency: null,
    total: null,
    product: { price: { ...field('each'), as: 'decimal' } },
  },
  properties: { country: field('land') },
  traits: { country: field('land') },
  events: [{ ...NO_RULE, name: 'Order Completed' }],
}

const partOf = (mapping: ImportMapping, name: string) => playedBy(partsPlayed(mapping), name)

test('each column plays one part, the one that matters most', () => {
  expect(partOf(people, 'mail')).toEqual({ part: 'email', name: null })
  expect(partOf(people, 'town')).toEqual({ part: 'trait', name: 'city' })
  expect(partOf(people, 'notes').part).toBe('nothing')
  expect(partOf(lines, 'nr').part).toBe('order_id')
  expect(partOf(lines, 'land')).toEqual({ part: 'trait', name: 'country' })
})

test.each<[Part, (mapping: ImportMapping) => unknown, unknown]>([
  ['phone', (m) => m.customer.phone, field('x')],
  ['trait', (m) => m.traits['x'], field('x')],
  ['event_id', (m) => m.id, ['x']],
  ['event_name', (m) => m.events, [{ ...NO_RULE, name_column: 'x' }]],
  ['time', (m) => m.time, { column: 'x', format: 'iso', zone: 'UTC' }],
  ['total', (m) => m.order?.total, { ...field('x'), as: 'decimal' }],
  ['product.quantity', (m) => m.order?.product['quantity'], { ...field('x'), as: 'decimal' }],
])('a column can become %s, and then it is', (part, look, expected) => {
  const mapping = withPart(part === 'total' ? lines : people, column('x'), part)
  expect(look(mapping)).toEqual(expected)
  if (part !== 'product.quantity') expect(partOf(mapping, 'x').part).toBe(part)
})

test('what had the part before has none any more, and the mapping before is untouched', () => {
  const mapping = withPart(people, column('other'), 'email')
  expect(mapping.customer.email?.column).toBe('other')
  expect(partOf(mapping, 'mail').part).toBe('nothing')
  expect(people.customer.email?.column).toBe('mail')
})

test('a column that is left out is in no part of the mapping', () => {
  const left = withPart(lines, column('land'), 'nothing')
  expect([left.traits, left.properties]).toEqual([{}, {}])
  const unordered = withPart(lines, column('nr'), 'nothing')
  expect([unordered.order, unordered.group, unordered.customer.anonymous_id]).toEqual([
    null,
    null,
    null,
  ])
})

test('another order number goes on grouping the lines and standing in for nobody', () => {
  const mapping = withPart(lines, column('receipt'), 'order_id')
  expect(mapping.group?.by).toEqual(['receipt'])
  expect(mapping.order?.product['price']?.column).toBe('each')
  expect(mapping.customer.anonymous_id).toEqual({ ...field('receipt'), prefix: 'order-' })
})

test('numbers are read as the column writes them', () => {
  const comma = column('sum', { holds: 'number with decimal comma' })
  expect(withPart(lines, comma, 'total').order?.total?.as).toBe('decimal_comma')
  const padded = column('id', { holds: 'whole number', examples: ['17850.0'] })
  expect(withPart(people, padded, 'user_id').customer.user_id?.as).toBe('integer')
  const flag = column('vip', { holds: 'yes or no' })
  expect(withPart(people, flag, 'trait').traits['vip']?.as).toBe('boolean')
})

test('a trait is called as one likes', () => {
  expect(withName(people, 'town', 'home_town').traits).toEqual({ home_town: field('town') })
  expect(['Ship Date', 'firstName', 'Straße', '—'].map(plainName)).toEqual([
    'ship_date',
    'first_name',
    'straße',
    '—',
  ])
})

test('only parts that make sense are offered, and what is there already', () => {
  const offered = (part: Part) =>
    partChoices('customers', part).flatMap(({ items }) => items.map(({ value }) => value))
  expect(offered('trait')).not.toContain('order_id')
  expect(offered('order_id')).toContain('order_id')
})

test('formats of times are told by an example', () => {
  expect(timeFormatWords('%d/%m/%Y %H:%M')).toBe('Day first, as in 31/12/2026 18:30')
  expect(timeFormatWords('%m/%d/%Y')).toBe('Month first, as in 12/31/2026')
  expect(timeFormatWords('%d %b %Y')).toBe('%d %b %Y')
})
