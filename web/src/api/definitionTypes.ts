// How does a definition of customers stand in JSON? By hand until the engine's schema has it.
import type { Clock, EventField, EventLabel, Period, Selection, TestOp } from './insightTypes'

/** "30 days": a whole number and a unit from minutes to years. */
export type Length = string

export interface Definition {
  clock: Clock
  who: Node
}

export type Joint = 'all' | 'any' | 'none'

/** Several conditions at once; "none" of one is its contrary. */
export interface Group {
  is: Joint
  of: Node[]
}

export type Node = Group | Criterion

export type Criterion = FactCriterion | Behaviour | ValueTest | InOrder | NotFollowed | Same | Share

export type Fact =
  | { of: 'trait' | 'list' | 'account' | 'own' | 'relation'; name: string }
  | { of: 'permission'; purpose: string; channel: string }
  | { of: 'consent'; purpose: string; channel: string }
  | { of: 'holding'; by: HeldBy; value: string }
  | { of: 'segment'; segment: string }
  | { of: 'computed'; trait: string }

export type HeldBy = 'product' | 'name' | 'category'

/** How a version such as 1.4.0 is compared. */
export type VersionThan = 'less' | 'at_most' | 'equal' | 'at_least' | 'more'

export type DateTest =
  | { op: 'in_last' | 'in_next' | 'more_than_ago' | 'more_than_ahead'; length: Length }
  | { op: 'before' | 'after'; at: string }
  | { op: 'on'; day: string }
  | { op: 'yearly_in_next' | 'yearly_in_last'; days: number }

/** What is asked of a fact; dates are relative there, and have tests of their own. */
export type FactOp = Exclude<TestOp, { op: 'within' | 'yearly' }> | DateTest

export type FactCriterion = { is: 'fact'; fact: Fact } & FactOp

export type Window =
  | { is: 'ever' }
  | { is: 'last'; length: Length }
  | { is: 'longer_ago'; length: Length }
  | { is: 'ago'; from: Length; to: Length }
  | { is: 'period'; period: Period }
  | { is: 'since'; which: 'first' | 'last'; events: Selection }

export type Quantity =
  | { is: 'times' | 'days' | 'days_since_last' | 'days_since_first' }
  | { is: 'sum' | 'mean' | 'least' | 'greatest'; of: EventField }
  | { is: 'distinct'; by: EventLabel }

export type NumberTest =
  | { op: 'equal' | 'not_equal' | 'less' | 'at_most' | 'more' | 'at_least'; value: number }
  | { op: 'between'; low: number; high: number }

export interface Behaviour {
  is: 'behaviour'
  events: Selection
  window: Window
  measure: Quantity
  number: NumberTest
}

export type ValueTest = {
  is: 'value'
  which: 'first' | 'last' | 'most_frequent'
  label: EventLabel
  events: Selection
  window: Window
} & TestOp

export interface InOrder {
  is: 'in_order'
  steps: Selection[]
  within: Length
  window: Window
  without: Selection | null
  same: EventLabel | null
}

export interface NotFollowed {
  is: 'not_followed'
  first: Selection
  by: Selection
  within: Length
  window: Window
  same: EventLabel | null
}

/** There is one value of the label for whose events alone `who` holds. */
export interface Same {
  is: 'same'
  label: EventLabel
  who: Node
}

/** A fixed random part of all customers, from and to being of 0 to 1. */
export interface Share {
  is: 'share'
  salt: string
  from: number
  to: number
}

/** What a definition looks at. */
export interface Uses {
  events: string[]
  traits: string[]
  segments: { key: string; name: string }[]
  computed: { key: string; name: string }[]
}

/** A definition in all its faces. */
export interface ReadDefinition {
  definition: Definition
  formula: string
  words: string
  sql: string
  uses: Uses
  /** What it comes to otherwise than one may think. */
  warnings: string[]
}

/** Where in a text is what is wrong, and what may stand there? Both counted from 1. */
export interface FailurePlace {
  line: number
  column: number
  expected: string[]
  suggest: string[]
}
