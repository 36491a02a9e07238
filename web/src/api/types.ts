// Which things does the API speak of? Hand-written twin of the wire contract; when the engine's
// OpenAPI document is in ../docs, `npm run codegen` writes schema.d.ts and these become aliases.

/** RFC 3339, UTC. */
export type Instant = string

export interface Money {
  minor: number
  currency: string
}

export type Role = 'admin' | 'marketer' | 'analyst' | 'sales' | 'read_only'
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'denied'
  | 'not_found'
  | 'conflict'
  | 'limited'
  | 'unavailable'
  | 'corrupt'
  | 'internal'

export interface ErrorBody {
  error: { kind: ErrorKind; message: string; hint?: string | null; field?: string | null }
}

export interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

export interface NamedRef {
  id: string
  name: string
}

export interface IdentifierRef {
  kind: string
  value: string
}

// ── Session ────────────────────────────────────────────────────────────────────────────────
export interface SessionUser {
  id: string
  name: string
  email: string
  role: Role
}

export interface Session {
  user: SessionUser | null
  first_run: boolean
  version: string
}

export interface Invite {
  purpose: 'first_admin' | 'invite' | 'password_reset'
  email: string | null
  role: Role
  expires_at: Instant
}

// ── Home ───────────────────────────────────────────────────────────────────────────────────
export interface HourCount {
  hour: Instant
  accepted: number
  refused: number
}

export interface Attention {
  kind:
    | 'refused_events'
    | 'plan_violations'
    | 'processor_lag'
    | 'no_source'
    | 'disk_low'
    | 'import_rejects'
  severity: 'info' | 'warning' | 'critical'
  message: string
  count: number | null
  link: string
}

export interface HomeSource {
  id: string
  name: string
  kind: SourceKind
  last_event_at: Instant | null
  n_24h: number
}

export interface Home {
  freshness_at: Instant
  events: { last_24h: number; last_7d: number; by_hour: HourCount[] }
  top_events: { name: string; n: number }[]
  customers: { known: number; anonymous: number; new_7d: number }
  orders_7d: { n: number; revenue: Money[] } | null
  sources: HomeSource[]
  attention: Attention[]
  processor: {
    position: string
    head: string
    lag_events: number
    lag_seconds: number
  }
}

// ── Sources ────────────────────────────────────────────────────────────────────────────────
export type SourceKind = 'browser' | 'mobile' | 'server' | 'import' | 'rapport'
export type PlanMode = 'allow' | 'flag' | 'block'

export interface Source {
  id: string
  name: string
  kind: SourceKind
  write_key: string | null
  enabled: boolean
  store_ip: boolean
  plan_mode: PlanMode
  has_plan: boolean
  created_at: Instant
  last_event_at: Instant | null
  n_24h: number
  n_refused_24h: number
}

export interface PlanProperty {
  name: string
  types: string[]
  required: boolean
  n: number | null
  example: string | null
}

export interface PlanEvent {
  name: string
  kind: string
  n: number | null
  properties: PlanProperty[]
}

export interface Plan {
  events: PlanEvent[]
}

export interface PlanViolation {
  event: string
  property: string | null
  reason: string
  message: string
  n: number
  last_at: Instant
}

export interface PlanState {
  mode: PlanMode
  pinned: Plan | null
  pinned_at: Instant | null
  pinned_by: string | null
  observed: Plan
  violations: PlanViolation[]
}

// ── Debugger ───────────────────────────────────────────────────────────────────────────────
export type EventStatus = 'accepted' | 'flagged' | 'refused' | 'duplicate'

export interface Refusal {
  reason: string
  field: string
  message: string
}

export interface DebugEvent {
  seq: string
  received_at: Instant
  occurred_at: Instant | null
  source: NamedRef
  kind: string | null
  name: string | null
  status: EventStatus
  customer_id: string | null
  came_under: IdentifierRef | null
  message_id: string | null
  refusals: Refusal[]
}

export interface Agent {
  browser: string | null
  os: string | null
  device: string | null
}

export interface DebugEventDetail extends DebugEvent {
  raw: unknown
  raw_expired: boolean
  understood: unknown
  delivery: {
    dialect: string
    sent_at: Instant | null
    ip: string | null
    user_agent: string | null
    agent: Agent | null
  }
}

// ── Imports ────────────────────────────────────────────────────────────────────────────────
export interface Import {
  id: string
  file_name: string
  mapping_name: string
  state: 'running' | 'done' | 'stopped' | 'failed'
  n_rows_total: number | null
  n_rows_done: number
  n_events: number
  n_duplicates: number
  n_rejected: number
  started_at: Instant
  finished_at: Instant | null
  message: string | null
  bytes_total: number
  bytes_done: number
}

export interface ImportReject {
  row: number
  column: string | null
  reason: string
}

// ── Settings ───────────────────────────────────────────────────────────────────────────────
export interface User extends SessionUser {
  disabled: boolean
  created_at: Instant
  last_sign_in_at: Instant | null
}

export interface InviteLink {
  invite_url: string
  expires_at: Instant
}

export type Scope = 'read' | 'write' | 'import' | 'admin'

export interface Token {
  id: string
  name: string
  scopes: Scope[]
  created_by: string
  created_at: Instant
  expires_at: Instant | null
  last_used_at: Instant | null
}

export interface NewToken extends Token {
  token: string
}

export interface AuditEntry {
  at: Instant
  actor: { kind: 'user' | 'token' | 'cli' | 'system'; name: string }
  action: string
  target: string
  detail: string
}

export interface About {
  version: string
  commit: string | null
  data_dir_bytes: { log: number; state: number; history: number }
  n_customers: number
  n_events: number
  uptime_seconds: number
  log: { kind: string }
  state: { kind: string }
  history: { kind: string }
  store_ip_default: boolean
  disk_free_bytes: number
}
