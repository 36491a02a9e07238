// Which things does the API speak of? Short names for the generated schemas; nothing is said twice.
import type { components, paths } from './schema'

type Schemas = components['schemas']
type QueryOf<Path extends keyof paths> = paths[Path] extends {
  get: { parameters: { query?: infer Query } }
}
  ? NonNullable<Query>
  : never

/** RFC 3339, UTC. */
export type Instant = Schemas['Time']
export type Money = Schemas['Money']
export type ErrorKind = Schemas['ErrorKind']
export type ErrorBody = Schemas['ErrorBody']

// ── Session ────────────────────────────────────────────────────────────────────────────────
export type Role = Schemas['Role']
export type SessionUser = Schemas['SessionUser']
export type Invite = Schemas['Invite']

// ── Home ───────────────────────────────────────────────────────────────────────────────────
export type Home = Schemas['Home']
export type HourCount = Schemas['HourCount']
export type Attention = Schemas['Attention']
export type HomeSource = Schemas['HomeSource']

// ── Sources ────────────────────────────────────────────────────────────────────────────────
export type Source = Schemas['Source']
export type SourceKind = Schemas['SourceKind']
export type SourcePatch = Schemas['SourceChange']
export type PlanMode = Schemas['PlanMode']
export type Plan = Schemas['Plan']
export type PlanEvent = Schemas['PlanEvent']
export type PlanState = Schemas['SourcePlan']
export type PlanViolation = Schemas['Violation']

// ── Debugger ───────────────────────────────────────────────────────────────────────────────
export type DebuggerQuery = QueryOf<'/api/debugger'>
export type DebugEvent = Schemas['DebugEvent']
export type DebugEventDetail = Schemas['DebugDetail']
export type EventKind = Schemas['EventKind']
export type EventStatus = Schemas['DebugStatus']

// ── Customers ──────────────────────────────────────────────────────────────────────────────
export type CustomersQuery = QueryOf<'/api/customers'>
export type CustomerSort = Schemas['CustomerSort']
export type CustomerPage = Schemas['CustomerList']
export type CustomerRow = Schemas['CustomerRow']
export type Customer = Schemas['Customer']
export type CustomerIdentifier = Schemas['CustomerIdentifier']
export type CustomerTrait = Schemas['CustomerTrait']
export type IdentityLink = Schemas['Link']
export type InertReason = Schemas['InertReason']
export type IdentityThen = Schemas['IdentityThen']
export type IdentityMoment = Schemas['IdentityMoment']
export type TakenAwayTrait = Schemas['TakenAway']
export type TraitHistory = Schemas['TraitHistory']
export type TraitSaid = Schemas['TraitSaid']
export type Evidence = Schemas['Evidence']
export type Consent = Schemas['Consent']
export type ConsentAct = Schemas['ConsentAct']
export type Permission = Schemas['Permission']
export type Membership = Schemas['Membership']
export type Order = Schemas['Order']
export type Holding = Schemas['Holding']
export type Message = Schemas['Message']
export type TimelineQuery = QueryOf<'/api/customers/{id}/events'>
export type TimelineEvent = Schemas['TimelineEvent']

// ── Decisions about who is who ─────────────────────────────────────────────────────────────
export type NamedIdentifier = Schemas['NamedIdentifier']
export type LinkName = Schemas['LinkName']
export type Decision = Schemas['Decision']
export type DecidedLink = Schemas['DecidedLink']
export type DecisionPreview = Schemas['DecisionPreview']
export type CustomerCard = Schemas['CustomerCard']
export type TraitConflict = Schemas['TraitConflict']
/** What somebody wants to be true: exactly one of the four. */
export type Wish =
  | { merge: string[] }
  | { withdraw: LinkName[] }
  | { restore: LinkName[] }
  | { part: NamedIdentifier[] }

// ── Accounts ───────────────────────────────────────────────────────────────────────────────
export type AccountRow = Schemas['AccountRow']
export type Account = Schemas['Account']
export type AccountMember = Schemas['AccountMember']
export type AccountDomain = Schemas['AccountDomain']
export type SuggestedMember = Schemas['SuggestedMember']
export type AccountSettings = Schemas['AccountSettings']

// ── Relations ──────────────────────────────────────────────────────────────────────────────
export type Relations = Schemas['Relations']
export type Relation = Schemas['Relation']
export type WaitingRelation = Schemas['WaitingRelation']
export type Household = Schemas['Household']
export type Influence = Schemas['Influence']
export type InfluencePair = Schemas['InfluencePair']
export type InfluenceEstimate = Schemas['InfluenceEstimate']
export type Influencer = Schemas['Influencer']

// ── Imports ────────────────────────────────────────────────────────────────────────────────
export type Import = Schemas['Import']
export type ImportMapping = Schemas['ImportMapping']
export type ImportField = Schemas['ImportField']
export type ImportOrder = Schemas['ImportOrder']
export type ImportShape = Schemas['ImportShape']
export type Upload = Schemas['Upload']
export type UploadLook = Schemas['UploadLook']
export type UploadColumn = Schemas['UploadColumn']
export type UploadPreview = Schemas['UploadPreview']
export type PreviewEvent = Schemas['PreviewEvent']

// ── Settings ───────────────────────────────────────────────────────────────────────────────
export type User = Schemas['User']
export type Scope = Schemas['Scope']
export type Token = Schemas['Token']
export type NewToken = Schemas['MadeToken']
export type AuditEntry = Schemas['AuditEntry']
export type TraitRule = Schemas['TraitRule']
export type RuleWords = Schemas['RuleWords']
export type TraitSettings = Schemas['TraitSettings']
export type TraitSettingsChange = Schemas['TraitSettingsChange']
export type Trust = Schemas['Trust']
export type BlockedValue = Schemas['BlockedValue']
export type IdentityLimits = Schemas['IdentityLimits']
export type IdentityRules = Schemas['IdentityRules']
export type IdentityRulesPreview = Schemas['IdentityRulesPreview']
export type IdentitySettings = Schemas['IdentitySettings']
export type IdentityVersion = Schemas['IdentityVersion']
export type About = Schemas['About']
