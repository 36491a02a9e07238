// Which rules does somebody want, as they are being typed, and are they rules yet?
import type { RetentionKind, RetentionRule } from '@/api/privacyTypes'

export interface RuleDraft {
  key: number
  /** A kind, or `name` for one event by its name. */
  of: RetentionKind | 'name'
  name: string
  days: number | string
}

export const DAYS_MAX = 36_500

let lastKey = 0
export const newKey = () => (lastKey += 1)

export const kindWords: Record<RetentionKind, string> = {
  page: 'Page views',
  screen: 'Screen views',
  track: 'What people did (track)',
  identify: 'What was said of people (identify)',
  group: 'What was said of accounts (group)',
  alias: 'Links between identifiers (alias)',
}

export function draftsOf(rules: RetentionRule[]): RuleDraft[] {
  return rules.map(({ kind, name, days }) => ({
    key: newKey(),
    of: kind ?? 'name',
    name: name ?? '',
    days,
  }))
}

export function newDraft(): RuleDraft {
  return { key: newKey(), of: 'page', name: '', days: 365 }
}

/** The rules, or null while one of them is none. */
export function rulesOf(drafts: RuleDraft[]): RetentionRule[] | null {
  return drafts.some((draft) => flawOf(draft, drafts) !== null) ? null : drafts.map(ruleOf)
}

/** What is wrong with a rule; null where nothing is. */
export function flawOf(draft: RuleDraft, all: RuleDraft[]): string | null {
  const days = Number(draft.days)
  if (draft.of === 'name' && draft.name.trim() === '') return 'Say which event'
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX) {
    return 'Between 1 and 36,500 days'
  }
  const same = all.find((other) => other.key < draft.key && whatOf(other) === whatOf(draft))
  return same ? 'There is a rule for this already' : null
}

/** Whether the rules are the same, in whatever order they stand. */
export function sameRules(a: RetentionRule[], b: RetentionRule[]): boolean {
  const text = (rules: RetentionRule[]) =>
    rules.map(({ kind, name, days }) => JSON.stringify([kind, name, days])).sort()
  return JSON.stringify(text(a)) === JSON.stringify(text(b))
}

/** "Page views are kept for 90 days." */
export function ruleWords({ kind, name, days }: RetentionRule): string {
  const what = name === null ? kindWords[kind ?? 'track'] : `“${name}”`
  return `${what}: ${periodWords(days)}`
}

/** 365 days are a year, 90 are 90 days: only whole years and what is shorter is said plainly. */
export function periodWords(days: number): string {
  if (days % 365 === 0) return days === 365 ? '1 year' : `${days / 365} years`
  return days === 1 ? '1 day' : `${days} days`
}

function ruleOf({ of, name, days }: RuleDraft): RetentionRule {
  return of === 'name'
    ? { kind: null, name: name.trim(), days: Number(days) }
    : { kind: of, name: null, days: Number(days) }
}

const whatOf = ({ of, name }: RuleDraft) => (of === 'name' ? `name ${name.trim()}` : of)
