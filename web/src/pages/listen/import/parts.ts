// What does a column become, and how does a mapping change when somebody chooses another part for it?
import type { ImportField, ImportMapping, ImportOrder, UploadColumn } from '@/api/types'

export type Part =
  | 'nothing'
  | 'user_id'
  | 'anonymous_id'
  | 'email'
  | 'phone'
  | 'time'
  | 'event_name'
  | 'event_id'
  | 'order_id'
  | 'currency'
  | 'total'
  | ProductPart
  | 'trait'
  | 'property'

const productParts = ['product_id', 'name', 'category', 'quantity', 'price'] as const
type ProductName = (typeof productParts)[number]
type ProductPart = `product.${ProductName}`

export interface Played {
  part: Part
  /** What a trait or a property is called. */
  name: string | null
}

const NOTHING: Played = { part: 'nothing', name: null }

/** The part that each column plays; of several the one that matters most. */
export function partsPlayed(mapping: ImportMapping): Map<string, Played> {
  const played = new Map<string, Played>()
  const put = (column: string | null | undefined, part: Part, name: string | null = null) => {
    if (column && !played.has(column)) played.set(column, { part, name })
  }
  const { customer } = mapping
  put(customer.user_id?.column, 'user_id')
  put(customer.email?.column, 'email')
  put(customer.phone?.column, 'phone')
  if (!standsIn(mapping)) put(customer.anonymous_id?.column, 'anonymous_id')
  put(mapping.time?.column, 'time')
  for (const rule of mapping.events) put(rule.name_column, 'event_name')
  if (mapping.order) orderParts(mapping.order, put)
  for (const column of mapping.id) put(column, 'event_id')
  // A country that is both is a trait first: it says something of the customer.
  for (const [name, field] of Object.entries(mapping.traits)) put(field.column, 'trait', name)
  for (const [name, field] of Object.entries(mapping.properties)) {
    put(field.column, 'property', name)
  }
  return played
}

type Put = (column: string | null | undefined, part: Part) => void

function orderParts(order: ImportOrder, put: Put) {
  put(order.order_id.column, 'order_id')
  put(order.currency?.column, 'currency')
  put(order.total?.column, 'total')
  for (const name of productParts) put(order.product[name]?.column, `product.${name}`)
}

/** Whether the visitor's id only stands in for customers who are not named: `order-7`. */
export function standsIn({ customer }: ImportMapping): boolean {
  return customer.anonymous_id?.prefix != null && !customer.anonymous_always
}

/** The mapping in which `column` plays `part`, and nobody else does where there is but one. */
export function withPart(mapping: ImportMapping, column: UploadColumn, part: Part): ImportMapping {
  const stand_in = standsIn(mapping) ? mapping.customer.anonymous_id : null
  const without = withoutColumn(mapping, column.name)
  const changed = put(without, column, part)
  if (part !== 'order_id' || !stand_in) return changed
  // The number of the order goes on standing in for customers who are not named.
  const anonymous_id = { ...stand_in, column: column.name }
  return { ...changed, customer: { ...changed.customer, anonymous_id } }
}

/** The mapping in which a trait or a property of `column` is called `name`. */
export function withName(mapping: ImportMapping, column: string, name: string): ImportMapping {
  return {
    ...mapping,
    traits: renamed(mapping.traits, column, name),
    properties: renamed(mapping.properties, column, name),
  }
}

type Fields = Record<string, ImportField>

function renamed(fields: Fields, column: string, name: string): Fields {
  const entries = Object.entries(fields)
  return Object.fromEntries(
    entries.map(([old, field]) => [field.column === column ? name : old, field]),
  )
}

function withoutColumn(mapping: ImportMapping, column: string): ImportMapping {
  const isOther = (field: ImportField | null) => field?.column !== column
  const kept = (field: ImportField | null) => (isOther(field) ? field : null)
  const others = (fields: Fields): Fields =>
    Object.fromEntries(Object.entries(fields).filter(([, field]) => isOther(field)))
  const { customer, group } = mapping
  const by = group?.by.filter((name) => name !== column) ?? []
  return {
    ...mapping,
    id: mapping.id.filter((name) => name !== column),
    customer: {
      ...customer,
      user_id: kept(customer.user_id),
      anonymous_id: kept(customer.anonymous_id),
      email: kept(customer.email),
      phone: kept(customer.phone),
    },
    time: mapping.time?.column === column ? null : mapping.time,
    group: group && by.length > 0 ? { ...group, by } : null,
    order: orderWithout(mapping.order, column),
    traits: others(mapping.traits),
    properties: others(mapping.properties),
    events: mapping.events.map((rule) =>
      rule.name_column === column ? { ...rule, name_column: null, name: 'Row Imported' } : rule,
    ),
  }
}

function orderWithout(order: ImportOrder | null, column: string): ImportOrder | null {
  if (!order || order.order_id.column === column) return null
  const product = Object.entries(order.product).filter(([, field]) => field.column !== column)
  return {
    ...order,
    currency: order.currency?.column === column ? null : order.currency,
    total: order.total?.column === column ? null : order.total,
    product: Object.fromEntries(product),
  }
}

function put(mapping: ImportMapping, column: UploadColumn, part: Part): ImportMapping {
  const field = fieldOf(column.name)
  switch (part) {
    case 'nothing':
      return mapping
    case 'user_id':
    case 'email':
    case 'phone':
      return { ...mapping, customer: { ...mapping.customer, [part]: idField(column) } }
    case 'anonymous_id':
      return {
        ...mapping,
        customer: { ...mapping.customer, anonymous_id: field, anonymous_always: true },
      }
    case 'time': {
      const format = column.time_format ?? 'iso'
      const zone = mapping.time?.zone ?? 'UTC'
      return { ...mapping, time: { column: column.name, format, zone } }
    }
    case 'event_name':
      return { ...mapping, events: named(mapping, column.name) }
    case 'event_id':
      return { ...mapping, id: [column.name] }
    case 'trait':
      return { ...mapping, traits: { ...mapping.traits, [plainName(column.name)]: typed(column) } }
    case 'property': {
      const properties = { ...mapping.properties, [plainName(column.name)]: typed(column) }
      return { ...mapping, properties }
    }
    default:
      return putOrder(mapping, column, part)
  }
}

function putOrder(
  mapping: ImportMapping,
  column: UploadColumn,
  part: 'order_id' | 'currency' | 'total' | ProductPart,
): ImportMapping {
  const field = fieldOf(column.name)
  const order = mapping.order ?? { order_id: field, currency: null, total: null, product: {} }
  switch (part) {
    case 'order_id': {
      const group = mapping.group && { ...mapping.group, by: [column.name] }
      const id = group ? mapping.id : [column.name]
      return { ...mapping, order: { ...order, order_id: field }, group, id }
    }
    case 'currency':
      return { ...mapping, order: { ...order, currency: field } }
    case 'total':
      return { ...mapping, order: { ...order, total: amount(column) } }
    default: {
      const name = part.slice('product.'.length)
      const isAmount = name === 'price' || name === 'quantity'
      const product = { ...order.product, [name]: isAmount ? amount(column) : field }
      return { ...mapping, order: { ...order, product } }
    }
  }
}

/** Rules that tell what happened by the column; those that pass rows over stay in front. */
function named(mapping: ImportMapping, column: string): ImportMapping['events'] {
  const skips = mapping.events.filter((rule) => rule.skip)
  const rest = mapping.events.find((rule) => !rule.skip)
  const rule = rest ?? NO_RULE
  return [...skips, { ...rule, call: 'track', name: null, name_column: column }]
}

export const NO_RULE: ImportMapping['events'][number] = {
  call: 'track',
  name: null,
  name_column: null,
  when: [],
  negate: false,
  skip: false,
  properties: {},
}

function fieldOf(column: string): ImportField {
  return { column, value: null, as: null, prefix: null }
}

/** Numbers that a table program wrote as 17850.0 are 17850. */
function idField(column: UploadColumn): ImportField {
  const isPadded =
    column.holds === 'whole number' && column.examples.some((text) => text.endsWith('.0'))
  return { ...fieldOf(column.name), as: isPadded ? 'integer' : null }
}

function amount(column: UploadColumn): ImportField {
  const hasComma = column.holds === 'number with decimal comma'
  return { ...fieldOf(column.name), as: hasComma ? 'decimal_comma' : 'decimal' }
}

function typed(column: UploadColumn): ImportField {
  if (column.holds === 'number' || column.holds === 'number with decimal comma') {
    return amount(column)
  }
  return { ...fieldOf(column.name), as: column.holds === 'yes or no' ? 'boolean' : null }
}

/** A column's name as a trait's: "Ship Date" is ship_date, "firstName" is first_name. */
export function plainName(column: string): string {
  const words = column
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  return words?.join('_') ?? column
}

export const playedBy = (played: Map<string, Played>, column: string) =>
  played.get(column) ?? NOTHING
