// What does the API tell about customers and accounts? (Second half of types.ts.)
import type { Agent, IdentifierRef, Instant, Money, NamedRef } from './types'

export interface CustomerRow {
  id: string
  name: string | null
  email: string | null
  phone: string | null
  country: string | null
  city: string | null
  company: string | null
  first_seen: Instant
  last_seen: Instant
  n_events: number
  n_orders: number
  revenue: Money | null
  is_known: boolean
  matched: IdentifierRef | null
}

export interface CustomerPage {
  items: CustomerRow[]
  next_cursor?: string | null
  total: number
  total_is_exact: boolean
}

export type CustomerSort = 'last_seen' | 'first_seen' | 'n_events' | 'n_orders' | 'revenue' | 'name'

export interface CustomerIdentifier extends IdentifierRef {
  id: string
  first_seen: Instant
  n_events: number
  customer_since: Instant | null
}

export interface IdentityLink {
  a: IdentifierRef
  b: IdentifierRef
  rule: string
  words: string
  occurred_at: Instant
  active: boolean
  why_inert: string | null
  source: NamedRef | null
  message_id: string | null
}

export interface CustomerTrait {
  name: string
  value: unknown
  at: Instant
  source: NamedRef
  message_id: string | null
  came_under: IdentifierRef
}

export interface Consent {
  purpose: string
  channel: string
  state: 'granted' | 'denied'
  at: Instant
  source: NamedRef
  text_version: string | null
}

export interface Membership {
  id: string
  key: string
  name: string | null
  since: Instant
}

export interface OrderTotal {
  currency: string
  n_orders: number
  revenue: Money
  refunded: Money
  n_cancelled: number
  average: Money | null
}

export interface OrderLine {
  product_id: string | null
  name: string | null
  quantity: number
  price: Money | null
}

export interface Order {
  order_id: string
  at: Instant
  total: Money | null
  /** completed, updated, cancelled, refunded or partly_refunded. */
  status: string
  refunded: Money | null
  n_items: number
  products: OrderLine[]
  coupon: string | null
}

export interface Holding {
  product_id: string
  name: string | null
  category: string | null
  quantity: number
  since: Instant
}

export interface Message {
  id: string
  channel: string | null
  campaign: string | null
  subject: string | null
  status: string
  sent_at: Instant | null
  delivered_at: Instant | null
  opened_at: Instant | null
  clicked_at: Instant | null
  bounced_at: Instant | null
  unsubscribed_at: Instant | null
}

export interface Customer {
  id: string
  canonical_id: string
  name: string | null
  sentence: string
  certainty: { level: 'anonymous' | 'claimed' | 'known'; words: string }
  is_known: boolean
  first_seen: Instant
  last_seen: Instant
  n_events: number
  identifiers: CustomerIdentifier[]
  links: IdentityLink[]
  traits: CustomerTrait[]
  consents: Consent[]
  accounts: Membership[]
  totals: OrderTotal[]
  orders: Order[]
  n_orders_kept: number
  holdings: Holding[]
  messages: Message[]
  counts: { name: string; n: number }[]
  agents: (Agent & { last_seen: Instant })[]
  freshness_at: Instant
}

export interface TimelineEvent {
  seq: string
  occurred_at: Instant
  received_at: Instant
  kind: string
  name: string
  source: NamedRef
  came_under: IdentifierRef
  message_id: string
  properties: Record<string, unknown>
  traits: Record<string, unknown>
  context: Record<string, unknown>
}

export interface AccountRow {
  id: string
  key: string
  name: string | null
  n_members: number
  first_seen: Instant
  last_seen: Instant
}

export interface Account extends AccountRow {
  traits: { name: string; value: unknown; at: Instant; source: NamedRef }[]
  members: CustomerRow[]
}
