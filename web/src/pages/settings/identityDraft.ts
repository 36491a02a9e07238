// What has been changed on the page of identity, and not been saved yet?
import type { BlockedValue, IdentityLimits, IdentityRules, Trust } from '@/api/types'

/** Numbers as they are typed; an empty one stands for "without bounds". */
export interface KindRow {
  key: number
  kind: string
  ever: string
  month: string
  week: string
  users: string
  visitors: string
  trust: Trust
}

export interface IdentityDraft {
  /** The kinds in the order of priority; the last row stands for every other kind. */
  kinds: KindRow[]
  others: KindRow
  blocked: string
  blockedZeros: boolean
  country: string
}

let lastKey = 0

/** A kind that no rule is known of yet. */
export const newKind = (): KindRow => rowOf('', NO_BOUNDS)

const NO_BOUNDS: IdentityLimits = {
  ever: null,
  month: null,
  week: null,
  users_max: null,
  visitors_max: null,
  trust: 'claimed',
}

export function draftOf(rules: IdentityRules): IdentityDraft {
  return {
    kinds: rules.kinds.map(({ kind, rules }) => rowOf(kind, rules)),
    others: rowOf('', rules.others),
    blocked: rules.blocked.map(lineOf).join('\n'),
    blockedZeros: rules.blocked_zeros,
    country: rules.country ?? '',
  }
}

/** The rules that the draft stands for; kinds without a name are left out. */
export function rulesOf(draft: IdentityDraft, version: number): IdentityRules {
  const named = draft.kinds.filter((row) => row.kind.trim() !== '')
  const country = draft.country.trim().toUpperCase()
  return {
    version,
    kinds: named.map((row) => ({ kind: row.kind.trim(), rules: limitsOf(row) })),
    others: limitsOf(draft.others),
    blocked: valuesOf(draft.blocked),
    blocked_zeros: draft.blockedZeros,
    country: country === '' ? null : country,
  }
}

/** Whether saving would change anything. */
export function isChanged(draft: IdentityDraft, rules: IdentityRules): boolean {
  const before = rulesOf(draftOf(rules), 0)
  return JSON.stringify(rulesOf(draft, 0)) !== JSON.stringify(before)
}

/** What keeps the draft from being saved; null where nothing does. */
export function whyNotYet(draft: IdentityDraft): string | null {
  const rows = [...draft.kinds, draft.others]
  const numbers = rows.flatMap((row) => [row.ever, row.month, row.week, row.users, row.visitors])
  if (numbers.some((text) => text.trim() !== '' && numberOf(text) === null)) {
    return 'A limit is a whole number from 1 on, or empty.'
  }
  const names = draft.kinds.map((row) => row.kind.trim()).filter((name) => name !== '')
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  return twice === undefined ? null : `${twice} stands twice in the list of kinds.`
}

/** The list with the row one place further up. */
export function movedUp(rows: KindRow[], key: number): KindRow[] {
  const place = rows.findIndex((row) => row.key === key)
  if (place < 1) return rows
  const moved = [...rows]
  moved.splice(place - 1, 2, rows[place]!, rows[place - 1]!)
  return moved
}

function rowOf(kind: string, rules: IdentityLimits): KindRow {
  const text = (n: number | null | undefined) => (n == null ? '' : String(n))
  return {
    key: (lastKey += 1),
    kind,
    ever: text(rules.ever),
    month: text(rules.month),
    week: text(rules.week),
    users: text(rules.users_max),
    visitors: text(rules.visitors_max),
    trust: rules.trust,
  }
}

function limitsOf(row: KindRow): IdentityLimits {
  return {
    ever: numberOf(row.ever),
    month: numberOf(row.month),
    week: numberOf(row.week),
    users_max: numberOf(row.users),
    visitors_max: numberOf(row.visitors),
    trust: row.trust,
  }
}

function numberOf(text: string): number | null {
  const n = Number(text.trim())
  return text.trim() !== '' && Number.isInteger(n) && n > 0 ? n : null
}

/** One value on each line, its kind before a colon: `email: noreply@*`. */
const lineOf = ({ kind, value }: BlockedValue) => (kind ? `${kind}: ${value}` : value)

function valuesOf(text: string): BlockedValue[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '').map(valueOf)
}

function valueOf(line: string): BlockedValue {
  const found = /^([a-z][a-z0-9_]*): +(\S.*)$/.exec(line)
  return found ? { kind: found[1]!, value: found[2]! } : { kind: null, value: line }
}
