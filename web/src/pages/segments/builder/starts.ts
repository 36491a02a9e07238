// With what does a condition begin when it is added, and with what a definition?
import type {
  Behaviour,
  Definition,
  Fact,
  FactCriterion,
  FactOp,
  Node,
  NotFollowed,
  Window,
} from '@/api/definitionTypes'
import type { Clock, EventField, Selection } from '@/api/insightTypes'

export const anyEvent: Selection = { events: [], tests: [] }
export const eventNamed = (name: string): Selection => ({ events: [name], tests: [] })

export const lastDays = (n: number): Window => ({
  is: 'last',
  length: n === 1 ? '1 day' : `${n} days`,
})

/** "have … at least once in the last 30 days". */
export function did(events: Selection, window = lastDays(30), times = 1): Behaviour {
  return {
    is: 'behaviour',
    events,
    window,
    measure: { is: 'times' },
    number: { op: 'at_least', value: times },
  }
}

export const didNot = (events: Selection, window = lastDays(30)): Node => ({
  is: 'none',
  of: [did(events, window)],
})

export const fact = (fact: Fact, op: FactOp) => ({ is: 'fact', fact, ...op }) as FactCriterion

export const mayWrite = (channel = 'email', purpose = 'marketing') =>
  fact({ of: 'permission', purpose, channel }, { op: 'is', values: ['yes'] })

export const holds = (category: string) =>
  fact({ of: 'holding', by: 'category', value: category }, { op: 'at_least', value: 1 })

export const inSegment = (segment: string) =>
  fact({ of: 'segment', segment }, { op: 'is', values: ['in'] })

export const inOrder = (steps: Selection[]): Node => ({
  is: 'in_order',
  steps,
  within: '7 days',
  window: lastDays(30),
  without: null,
  same: null,
})

export const notFollowed = (first: Selection, by: Selection): NotFollowed => ({
  is: 'not_followed',
  first,
  by,
  within: '2 hours',
  window: lastDays(7),
  same: null,
})

/** "for one and the same product, have … at least 3 times in the last 2 days". */
export const sameOf = (field: EventField, who: Node): Node => ({
  is: 'same',
  label: { field, view: 'whole' },
  who,
})

export const aTenth = (salt: string): Node => ({ is: 'share', salt, from: 0, to: 0.1 })

export interface Template {
  key: string
  name: string
  /** What it is for, in one sentence. */
  note: string
  who: Node
}

const orders = eventNamed('Order Completed')
const product = { of: 'property', path: 'product_id' } as const

/** What nearly every house asks first, with events as they are usually called. */
export const templates: Template[] = [
  {
    key: 'lapsing-regulars',
    name: 'Lapsing regulars',
    note: 'Ordered several times, and not lately: the first ones to win back.',
    who: {
      is: 'all',
      of: [
        did(orders, { is: 'ago', from: '180 days', to: '30 days' }, 3),
        didNot(orders, lastDays(30)),
      ],
    },
  },
  {
    key: 'new-buyers-without-a-second-order',
    name: 'New buyers without a second order',
    note: 'Bought for the first time in the last 14 days, and may be written to by e-mail.',
    who: {
      is: 'all',
      of: [
        {
          ...did(orders),
          window: { is: 'ever' },
          measure: { is: 'days_since_first' },
          number: { op: 'at_most', value: 14 },
        },
        { ...did(orders), window: { is: 'ever' }, number: { op: 'equal', value: 1 } },
        mayWrite(),
      ],
    },
  },
  {
    key: 'cameras-but-no-doorbell',
    name: 'Has one product, not the other',
    note: 'Hold a product of one category and none of another: what goes with it?',
    who: {
      is: 'all',
      of: [holds('Cameras'), { is: 'none', of: [holds('Doorbells')] }],
    },
  },
  {
    key: 'keen-viewers',
    name: 'Keen viewers',
    note: 'Looked at one and the same product three times in two days.',
    who: { is: 'all', of: [sameOf(product, did(eventNamed('Product Viewed'), lastDays(2), 3))] },
  },
  {
    key: 'big-spenders',
    name: 'Big spenders',
    note: 'Spent more than a sum in a year; change the sum and see how many are left.',
    who: {
      is: 'all',
      of: [
        {
          ...did(orders, lastDays(365)),
          measure: { is: 'sum', of: { of: 'property', path: 'revenue' } },
          number: { op: 'more', value: 500 },
        },
      ],
    },
  },
]

export const definitionWith = (who: Node, clock: Clock): Definition => ({ clock, who })
