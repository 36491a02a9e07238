// What has been changed in the settings of the search, and may it be saved?
import type { FieldKind, LinkageField, LinkageSettings } from './wire'

export const FIELDS_MAX = 14

/** Rows have keys of their own: what is typed into one must not move it. */
export interface FieldRow {
  key: number
  name: string
  kind: FieldKind
  /** As typed: separated by commas. */
  traits: string
}

export interface SettingsDraft {
  is_automatic: boolean
  link_at: number
  review_at: number
  day_first: boolean
  fields: FieldRow[]
}

let lastKey = 0
export const newFieldRow = (field?: LinkageField): FieldRow => ({
  key: (lastKey += 1),
  name: field?.name ?? '',
  kind: field?.kind ?? 'text',
  traits: field?.traits.join(', ') ?? '',
})

export function draftOf(settings: LinkageSettings): SettingsDraft {
  const { is_automatic, link_at, review_at, day_first, fields } = settings
  const rows = fields.map((field) => newFieldRow(field))
  return { is_automatic, link_at, review_at, day_first, fields: rows }
}

/** The settings that the draft stands for; rows without name and traits are left out. */
export function settingsOf(draft: SettingsDraft, before: LinkageSettings): LinkageSettings {
  const fields = draft.fields
    .map(({ name, kind, traits }) => ({ name: name.trim(), kind, traits: traitsOf(traits) }))
    .filter(({ name, traits }) => name !== '' || traits.length > 0)
  return { ...before, ...draft, fields }
}

export function traitsOf(typed: string): string[] {
  return typed
    .split(',')
    .map((trait) => trait.trim())
    .filter((trait) => trait !== '')
}

export function isChanged(draft: SettingsDraft, before: LinkageSettings): boolean {
  const now = settingsOf(draft, before)
  return JSON.stringify(now) !== JSON.stringify(settingsOf(draftOf(before), before))
}

/** What a field still lacks, in words; null when nothing. */
export function lackOf({ name, traits }: FieldRow): string | null {
  const n_traits = traitsOf(traits).length
  if (name.trim() === '' && n_traits === 0) return null
  if (name.trim() === '') return 'A name is missing'
  return n_traits === 0 ? 'At least one trait is needed' : null
}
