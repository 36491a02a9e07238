// What do we call a customer whose name we may not know?
import type { Customer, CustomerCard, CustomerRow } from '@/api/types'
import { countryName } from '@/kit/CountryName'

type Nameable = Pick<CustomerRow, 'id' | 'name' | 'email' | 'phone'>

/** The best name there is; an unknown visitor keeps an own short name to be told apart by. */
export function customerName(row: Nameable): string {
  return row.name ?? row.email ?? row.phone ?? `Visitor ${shortId(row.id)}`
}

/** The name of the customer whose page this is. */
export function nameOf({ id, name, traits }: Pick<Customer, 'id' | 'name' | 'traits'>): string {
  const text = (wanted: string) => {
    const value = traits.find((trait) => trait.name === wanted)?.value
    return typeof value === 'string' ? value : null
  }
  return customerName({ id, name, email: text('email'), phone: text('phone') })
}

/** The name of a customer of whom only a card is there. */
export function cardName({ id, name, identifiers }: CustomerCard): string {
  const value = (kind: string) => identifiers.find((i) => i.kind === kind)?.value ?? null
  return customerName({ id, name, email: value('email'), phone: value('phone') })
}

/** c_0011 → 0011: enough to tell two visitors apart when they are read aloud. */
function shortId(id: string): string {
  return id.replace(/^c_/, '').slice(-6)
}

export function customerSubtitle(row: CustomerRow): string | undefined {
  if (row.name && row.email) return row.email
  return placeOf(row) ?? undefined
}

export function placeOf(row: { city: string | null; country: string | null }): string | null {
  const country = row.country ? countryName(row.country) : null
  return [row.city, country].filter(Boolean).join(', ') || null
}
