// What does the API tell about segments? By hand until the engine's schema has it.
import type { Definition, Uses } from './definitionTypes'
import type { CustomerRow, Instant } from './types'

export type SegmentState =
  | { is: 'live' }
  | { is: 'waiting'; version: number }
  | { is: 'filling'; version: number; n_done: number; n_total: number; began_at: Instant }
  | { is: 'failed'; version: number; words: string }

export type Origin =
  { is: 'here' } | { is: 'files'; label: string; applied_at: Instant; has_drifted: boolean }

export interface SegmentLine {
  id: string
  key: string
  name: string
  kind: 'rule' | 'list'
  version: number
  words: string
  n: number
  /** Of all customers, 0 to 1. */
  share: number
  /** By day, the last 30. */
  trend: number[]
  state: SegmentState
  owner: string
  changed_at: Instant
  is_archived: boolean
  /** It looks at what whoever asks may not see. */
  is_withheld: boolean
  origin: Origin
}

/** The size of one condition of a definition. */
export interface PartSize {
  /** "who.of[0]" */
  path: string
  words: string
  n: number
}

export interface Segment extends SegmentLine {
  note: string
  revision: number
  /** Null for a list. */
  definition: Definition | null
  formula: string
  sql: string
  parts: PartSize[]
  uses: Uses
  used_by: {
    segments: { key: string; name: string }[]
    computed: { key: string; name: string }[]
    n_boards: number
    n_hooks: number
  }
  /** Whose processing rests. */
  n_left_out: number
  through: string
  freshness_at: Instant
}

export interface SegmentDraft {
  name: string
  note: string
  definition: Definition
}

export interface SegmentChange extends SegmentDraft {
  revision: number
  owner: string
}

export interface SegmentVersion {
  version: number
  words: string
  formula: string
  changed_at: Instant
  changed_by: string
  served_at: Instant | null
  n_entered: number
  n_left: number
}

export interface SegmentSizes {
  items: { at: Instant; n: number; n_entered: number; n_left: number }[]
  /** Where another version began to serve. */
  notes: { at: Instant; version: number }[]
}

export type Member = CustomerRow & { since: Instant }

export interface Members {
  items: Member[]
  next_cursor: string | null
  total: number
}

export interface Preview {
  n: number
  n_of: number
  /** Where the size was estimated: it lies in here in 95 of 100 cases. */
  interval: [number, number] | null
  is_exact: boolean
  took_ms: number
  parts: PartSize[]
  against: Against | null
}

/** What a draft changes about what is saved. */
export interface Against {
  n: number
  n_enter: number
  n_leave: number
  n_stay: number
  dependents: { key: string; name: string; n: number; n_then: number }[]
}
