// Which calls does the API take? In the form openapi-typescript writes, so that the generated
// `paths` of schema.d.ts can take this file's place.
import type * as C from './customerTypes'
import type * as T from './types'

interface Answers<Answer> {
  200: { content: { 'application/json': Answer } }
  default: { content: { 'application/json': T.ErrorBody } }
}

// openapi-fetch reads "no path parameters" and "no body" from the absence of the keys.
type Plain<Answer, Q extends object = object> = {
  parameters: { query?: Q; header?: never; path?: never; cookie?: never }
  requestBody?: never
  responses: Answers<Answer>
}
type At<Answer, P extends object = { id: string }, Q extends object = object> = {
  parameters: { query?: Q; header?: never; path: P; cookie?: never }
  requestBody?: never
  responses: Answers<Answer>
}
type Send<Answer, B> = {
  parameters: { query?: never; header?: never; path?: never; cookie?: never }
  requestBody: { content: { 'application/json': B } }
  responses: Answers<Answer>
}
type SendTo<Answer, B, P extends object = { id: string }> = {
  parameters: { query?: never; header?: never; path: P; cookie?: never }
  requestBody: { content: { 'application/json': B } }
  responses: Answers<Answer>
}

interface Paging {
  limit?: number
  cursor?: string
}

export interface DebuggerQuery extends Paging {
  source?: string
  kind?: string
  status?: T.EventStatus
  text?: string
}

export interface CustomersQuery extends Paging {
  q?: string
  known?: boolean
  country?: string
  has_orders?: boolean
  seen_since?: string
  sort?: C.CustomerSort
  order?: 'asc' | 'desc'
}

export interface TimelineQuery extends Paging {
  kind?: string
  name?: string
  text?: string
  since?: string
  until?: string
}

export interface SourcePatch {
  name?: string
  store_ip?: boolean
  enabled?: boolean
  plan_mode?: T.PlanMode
}

interface Credentials {
  email: string
  password: string
}

/** Name and e-mail address may be left out where the link knows them. */
interface NewAccess {
  name?: string
  email?: string
  password: string
}

interface SignedIn {
  user: T.SessionUser
}

export interface paths {
  '/api/session': {
    get: Plain<T.Session>
    post: Send<SignedIn, Credentials>
    delete: Plain<undefined>
  }
  '/api/invites/{token}': {
    get: At<T.Invite, { token: string }>
    post: SendTo<SignedIn, NewAccess, { token: string }>
  }
  '/api/home': { get: Plain<T.Home> }
  '/api/sources': {
    get: Plain<{ items: T.Source[] }>
    post: Send<T.Source, { name: string; kind: T.SourceKind }>
  }
  '/api/sources/{id}': {
    get: At<T.Source>
    patch: SendTo<T.Source, SourcePatch>
    delete: At<undefined>
  }
  '/api/sources/{id}/rotate_key': { post: At<T.Source> }
  '/api/sources/{id}/plan': {
    get: At<T.PlanState>
    put: SendTo<T.PlanState, { plan: T.Plan | null; mode: T.PlanMode }>
  }
  '/api/sources/{id}/plan/pin': { post: At<T.PlanState> }
  '/api/debugger': { get: Plain<T.Page<T.DebugEvent>, DebuggerQuery> }
  '/api/debugger/{seq}': { get: At<T.DebugEventDetail, { seq: string }> }
  '/api/customers': { get: Plain<C.CustomerPage, CustomersQuery> }
  '/api/customers/{id}': { get: At<C.Customer> }
  '/api/customers/{id}/events': {
    get: At<T.Page<C.TimelineEvent>, { id: string }, TimelineQuery>
  }
  '/api/accounts': { get: Plain<T.Page<C.AccountRow>, Paging & { q?: string }> }
  '/api/accounts/{id}': { get: At<C.Account> }
  '/api/imports': { get: Plain<T.Page<T.Import>> }
  '/api/imports/{id}': { get: At<T.Import> }
  '/api/imports/{id}/rejects': { get: At<T.Page<T.ImportReject>, { id: string }, Paging> }
  '/api/users': { get: Plain<{ items: T.User[] }> }
  '/api/users/invite': { post: Send<T.InviteLink, { email: string; role: T.Role }> }
  '/api/users/{id}': { patch: SendTo<T.User, { role?: T.Role; disabled?: boolean }> }
  '/api/users/{id}/reset': { post: At<T.InviteLink> }
  '/api/tokens': {
    get: Plain<{ items: T.Token[] }>
    post: Send<T.NewToken, { name: string; scopes: T.Scope[]; expires_at: string | null }>
  }
  '/api/tokens/{id}': { delete: At<undefined> }
  '/api/audit': { get: Plain<T.Page<T.AuditEntry>, Paging> }
  '/api/about': { get: Plain<T.About> }
}
