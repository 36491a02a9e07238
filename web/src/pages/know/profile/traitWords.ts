// How are a trait's name and its values said in one line?

export const traitWord = (name: string): string => name.replaceAll('_', ' ')

export function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** A value in one line: yes and no for flags, the parts of an object joined. */
export function shortValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.map(shortValue).join(', ')
  if (typeof value === 'object') return Object.values(value).map(shortValue).join(', ')
  return String(value)
}
