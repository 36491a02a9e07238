// Which kinds of field can be compared, and what are they called?
import type { FieldKind } from './wire'

/** Held complete by the compiler. */
const words: Record<FieldKind, string> = {
  given_name: 'first name',
  family_name: 'last name',
  full_name: 'whole name',
  date: 'date',
  email: 'e-mail',
  generation: 'junior or senior',
  phone: 'phone',
  street: 'street',
  house_number: 'house number',
  address: 'whole address',
  postcode: 'postcode',
  town: 'town',
  region: 'region or country',
  organisation: 'organisation',
  identifier: 'number or code of a person',
  category: 'word from a short list',
  text: 'free text',
}

export const kinds = Object.entries(words).map(([value, label]) => ({ value, label }))

export const kindWords = (kind: FieldKind): string => words[kind]

export function kindOf(word: string | null): FieldKind | undefined {
  return word !== null && Object.hasOwn(words, word) ? (word as FieldKind) : undefined
}
