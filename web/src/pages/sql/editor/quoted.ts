// Which text is being written inside of quotes: the name of an event, or a field of an object?
import type { SeenField } from '../seen'

export type Quoted =
  | { is: 'event'; typed: string }
  /** `context -> 'page' ->> '`: within which object, and which fields were gone through. */
  | { is: 'field'; of: 'property' | 'context'; through: string[]; typed: string }

const event = /\bname\s*(?:(?:=|<>|!=)\s*|(?:not\s+)?in\s*\((?:\s*'[^']*'\s*,)*\s*)'([^']*)$/i
const field = /\b(properties|context)((?:\s*->\s*'[^']*')*)\s*->>?\s*'([^']*)$/i

/** What stands before the cursor, if it is the beginning of such a text. */
export function quotedBefore(before: string): Quoted | null {
  const name = event.exec(before)
  if (name) return { is: 'event', typed: name[1]! }
  const found = field.exec(before)
  if (!found) return null
  const [, object, through, typed] = found
  return {
    is: 'field',
    of: object!.toLowerCase() === 'properties' ? 'property' : 'context',
    through: [...through!.matchAll(/'([^']*)'/g)].map((part) => part[1]!),
    typed: typed!,
  }
}

export interface FieldOffer {
  name: string
  /** Its types, or that there is more inside. */
  detail: string
}

/** The fields of an object that were seen, each once. */
export function fieldsWithin(
  seen: SeenField[],
  { of, through }: { of: SeenField['of']; through: string[] },
): FieldOffer[] {
  const inside = through.map((part) => `${part}.`).join('')
  const offers = new Map<string, string>()
  for (const { path, types, of: owner } of seen) {
    if (owner !== of || !path.startsWith(inside)) continue
    const [name, ...rest] = path.slice(inside.length).split('.')
    if (rest.length > 0) offers.set(name!, 'object')
    else if (!offers.has(name!)) offers.set(name!, types.join(', '))
  }
  return [...offers].map(([name, detail]) => ({ name, detail }))
}
