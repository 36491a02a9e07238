// What are the parts of a mapping called, and which of them make sense for which sort of file?
import type { ImportShape } from '@/api/types'
import type { Part } from './parts'

export const partWords: Record<Part, string> = {
  nothing: 'Leave out',
  user_id: 'Customer number',
  email: 'E-mail address',
  phone: 'Telephone number',
  anonymous_id: 'Visitor id (browser, device)',
  time: 'When it happened',
  event_name: 'What happened',
  event_id: 'Number of the event',
  order_id: 'Order number',
  total: 'Sum of the order',
  currency: 'Currency',
  'product.product_id': 'Product number',
  'product.name': 'Product name',
  'product.category': 'Product category',
  'product.quantity': 'Quantity',
  'product.price': 'Price each',
  trait: 'About the customer',
  property: 'Detail of the event',
}

const who: Part[] = ['user_id', 'email', 'phone', 'anonymous_id']
const product: Part[] = [
  'product.product_id',
  'product.name',
  'product.category',
  'product.quantity',
  'product.price',
]

interface PartGroup {
  group: string
  items: { value: Part; label: string }[]
}

/** The choices for a column, in groups; what a column plays already is always among them. */
export function partChoices(shape: ImportShape, played: Part): PartGroup[] {
  const groups = groupsOf(shape).map(([group, parts]) => ({ group, parts }))
  const isThere = groups.some(({ parts }) => parts.includes(played))
  if (!isThere) groups.push({ group: 'As it is now', parts: [played] })
  return groups.map(({ group, parts }) => ({
    group,
    items: parts.map((value) => ({ value, label: partWords[value] })),
  }))
}

function groupsOf(shape: ImportShape): [group: string, parts: Part[]][] {
  const rest: [string, Part[]] = ['Otherwise', ['nothing']]
  const isOrder = shape === 'orders' || shape === 'order_lines'
  if (shape === 'customers') {
    return [['Who it is', who], ['What is known', ['trait', 'time']], rest]
  }
  if (isOrder) {
    return [
      ['Who bought', who],
      ['The order', ['order_id', 'time', 'total', 'currency']],
      ['Its products', product],
      ['More', ['trait', 'property']],
      rest,
    ]
  }
  return [
    ['Who it was', who],
    ['What happened', ['event_name', 'time', 'event_id', 'property']],
    ['What is known', ['trait']],
    rest,
  ]
}

/** What a row is, as a person would say it. */
export const shapeWords: Record<ImportShape, { label: string; means: string }> = {
  customers: {
    label: 'A customer',
    means: 'Each row says who somebody is and what is known of them. Nothing is counted as done.',
  },
  orders: { label: 'An order', means: 'Each row is one order of a customer.' },
  order_lines: {
    label: 'A line of an order',
    means: 'Rows with the same order number are one order, with a product on each row.',
  },
  event_log: {
    label: 'Something that happened',
    means: 'Each row is one event; a column says what happened.',
  },
  segment_events: {
    label: 'An event in Segment’s form',
    means: 'The rows are events already and are taken as they are.',
  },
  unknown: {
    label: 'Something else',
    means: 'Each row is counted as one event under a name that you choose.',
  },
}

/** "day first" or "month first" for a pattern in which the two can be swapped. */
export function timeFormatWords(format: string): string {
  const [day, month] = [format.search(/%d/), format.search(/%m/)]
  if (format === 'iso') return 'Year-month-day, as in 2026-12-31 18:30'
  if (format === 'epoch') return 'Seconds or milliseconds since 1970'
  if (format === 'rfc2822') return 'As in e-mails: Thu, 31 Dec 2026 18:30:00 +0100'
  if (day >= 0 && month >= 0) {
    const example = format
      .replace('%d', '31')
      .replace('%m', '12')
      .replace('%Y', '2026')
      .replace('%y', '26')
      .replace('%H', '18')
      .replace('%I', '06')
      .replace('%M', '30')
      .replace('%S', '00')
      .replace('%p', 'PM')
      .replace('%.f', '.000')
    return `${day < month ? 'Day' : 'Month'} first, as in ${example}`
  }
  return format
}
