// What has been changed on the page of traits, and not been saved yet?
import type { Role, TraitRule, TraitSettings, TraitSettingsChange } from '@/api/types'

/** Rows have keys of their own: what is typed into one must not move it. */
export interface RuleRow {
  key: number
  name: string
  rule: TraitRule
}

export interface SensitiveRow {
  key: number
  pattern: string
  roles: Role[]
}

export interface TraitDraft {
  defaultRule: TraitRule
  rules: RuleRow[]
  trusted: string[]
  verified: string[]
  sensitive: SensitiveRow[]
}

let lastKey = 0
export const newKey = (): number => (lastKey += 1)

export function draftOf(settings: TraitSettings): TraitDraft {
  return {
    defaultRule: settings.default_rule,
    rules: Object.entries(settings.rules).map(([name, rule]) => ({ key: newKey(), name, rule })),
    trusted: settings.trusted_sources.map((source) => source.id),
    verified: settings.verified_sources.map((source) => source.id),
    sensitive: settings.sensitive.map((one) => ({ key: newKey(), ...one })),
  }
}

/** The change that the draft stands for; rows without a name are left out. */
export function changeOf(draft: TraitDraft, version: number): TraitSettingsChange {
  const rules = draft.rules
    .filter((row) => row.name.trim() !== '')
    .map((row) => [row.name.trim(), row.rule])
  return {
    version,
    default_rule: draft.defaultRule,
    rules: Object.fromEntries(rules) as Record<string, TraitRule>,
    trusted_sources: draft.trusted,
    verified_sources: draft.verified,
    sensitive: draft.sensitive
      .filter((row) => row.pattern.trim() !== '')
      .map(({ pattern, roles }) => ({ pattern: pattern.trim(), roles })),
  }
}

/** Whether saving would change anything. */
export function isChanged(draft: TraitDraft, settings: TraitSettings): boolean {
  const before = changeOf(draftOf(settings), 0)
  return JSON.stringify(changeOf(draft, 0)) !== JSON.stringify(before)
}

/** The list with the item one place further up. */
export function movedUp(ids: string[], id: string): string[] {
  const place = ids.indexOf(id)
  if (place < 1) return ids
  const moved = [...ids]
  moved.splice(place - 1, 2, id, ids[place - 1]!)
  return moved
}
