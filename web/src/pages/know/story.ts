// How is an event told as a line of the customer's story? By meaning, then by name.
import type { TimelineEvent } from '@/api/types'
import type { IconName } from '@/kit/Icon'
import { moneyOf } from '@/kit/money'
import { counted } from '@/kit/number'
import type { TimelineItem } from '@/kit/timeline/group'

type Telling = Pick<TimelineItem, 'icon' | 'title' | 'detail' | 'stage' | 'look'>
type Tell = (event: TimelineEvent) => Partial<Telling>

/** The value of a text or number property, for a detail; longer things are for the opened event. */
function text(event: TimelineEvent, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = event.properties[name]
    if (typeof value === 'string' && value.trim() !== '') return value
    if (typeof value === 'number') return String(value)
  }
  return undefined
}

function amount(event: TimelineEvent, ...names: string[]): string | undefined {
  const name = names.find((name) => Number.isFinite(Number(event.properties[name] ?? NaN)))
  if (!name) return undefined
  const value = Number(event.properties[name])
  const currency = text(event, 'currency')
  return currency ? moneyOf(value, currency) : value.toFixed(2)
}

function productNames(event: TimelineEvent): string | undefined {
  const list = event.properties.products
  if (!Array.isArray(list) || list.length === 0) return undefined
  const names = list.map((product: Record<string, unknown>) => product?.name ?? product?.product_id)
  const shown = names.filter((name) => typeof name === 'string').slice(0, 3)
  return shown.length > 0
    ? shown.join(', ') +
        (list.length > shown.length ? ` and ${list.length - shown.length} more` : '')
    : counted(list.length, 'product')
}

const product: Tell = (event) => ({ detail: text(event, 'name', 'product_id', 'sku') })

function orderNumber(event: TimelineEvent): string | undefined {
  const id = text(event, 'order_id')
  return id && `order ${id}`
}

const orderTold =
  (title: string, icon: IconName = 'shopping-bag'): Tell =>
  (event) => ({
    icon,
    title: [title, amount(event, 'total', 'revenue', 'value')].filter(Boolean).join(' for '),
    detail: productNames(event) ?? orderNumber(event),
  })

const mailTold =
  (title: string): Tell =>
  (event) => ({
    icon: 'mail',
    stage: 'act',
    title,
    detail: text(event, 'subject', 'email_subject', 'campaign', 'campaign_name'),
  })

/** Names of the public specifications, told in plain words; everything else keeps its name. */
const told: Record<string, Tell> = {
  'Order Completed': orderTold('Ordered'),
  'Order Updated': orderTold('Changed an order'),
  'Order Refunded': orderTold('Got money back', 'undo-2'),
  'Order Cancelled': orderTold('Cancelled an order', 'ban'),
  'Product Viewed': (e) => ({
    icon: 'package',
    title: 'Looked at',
    look: 'product',
    ...product(e),
  }),
  'Product Clicked': (e) => ({ icon: 'package', title: 'Clicked', ...product(e) }),
  'Product Added': (e) => ({ icon: 'shopping-bag', title: 'Put into the basket', ...product(e) }),
  'Product Removed': (e) => ({ icon: 'x', title: 'Took out of the basket', ...product(e) }),
  'Products Searched': (e) => ({
    icon: 'search',
    title: 'Searched for',
    detail: text(e, 'query'),
  }),
  'Product List Viewed': (e) => ({
    icon: 'list',
    title: 'Looked through a list',
    detail: text(e, 'category', 'list_id'),
  }),
  'Cart Viewed': () => ({ icon: 'shopping-bag', title: 'Looked at the basket' }),
  'Coupon Applied': (e) => ({
    icon: 'shopping-bag',
    title: 'Used a coupon',
    detail: text(e, 'coupon_name', 'coupon_id', 'coupon'),
  }),
  'Checkout Step Completed': (e) => ({
    icon: 'credit-card',
    title: 'Went on in the checkout',
    detail: text(e, 'step_name') ?? (text(e, 'step') && `step ${text(e, 'step')}`),
  }),
  'Payment Info Entered': (e) => ({
    icon: 'credit-card',
    title: 'Entered how to pay',
    detail: text(e, 'payment_method'),
  }),
  'Checkout Started': orderTold('Began the checkout', 'credit-card'),
  'Email Sent': mailTold('We sent an e-mail'),
  'Email Delivered': mailTold('Our e-mail arrived'),
  'Email Opened': mailTold('Opened an e-mail'),
  'Email Link Clicked': mailTold('Followed a link in an e-mail'),
  'Email Bounced': mailTold('Our e-mail came back'),
  'Email Marked as Spam': mailTold('Marked our e-mail as spam'),
  Unsubscribed: mailTold('Unsubscribed'),
}

const byKind: Record<string, Tell> = {
  page: (e) => ({
    icon: 'eye',
    title: 'Looked at',
    detail: text(e, 'title', 'path', 'url') ?? e.name,
    look: 'page',
  }),
  screen: (e) => ({ icon: 'smartphone', title: 'Opened the screen', detail: e.name, look: 'page' }),
  identify: (e) => ({
    icon: 'id-card',
    stage: 'know',
    title: 'Said who they are',
    detail: Object.keys(e.traits).slice(0, 5).join(', ') || undefined,
  }),
  group: (e) => ({
    icon: 'building-2',
    stage: 'know',
    title: 'Belongs to an account',
    detail: text(e, 'group_id', 'groupId') ?? undefined,
  }),
  alias: () => ({ icon: 'git-merge', stage: 'know', title: 'Two identifiers became one' }),
}

const plain: Tell = (e) => ({
  detail: text(e, 'name', 'title', 'label', 'query', 'path', 'feature', 'device'),
})

/** One event as a line of the timeline. */
export function tell(event: TimelineEvent): TimelineItem {
  const { name, kind } = event
  const tellIt = told[name] ?? (kind === 'track' ? plain : (byKind[kind] ?? plain))
  return {
    key: event.seq,
    at: new Date(event.occurred_at),
    icon: 'activity',
    stage: 'listen',
    look: null,
    title: name,
    ...tellIt(event),
  }
}
