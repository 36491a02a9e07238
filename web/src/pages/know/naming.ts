// What do we call a customer whose name we may not know?
import type { CustomerRow } from '@/api/types'
import { countryName } from '@/kit/CountryName'

type Nameable = Pick<CustomerRow, 'id' | 'name' | 'email' | 'phone'>

/** The best name there is; an unknown visitor keeps an own short name to be told apart by. */
export function customerName(row: Nameable): string {
  return row.name ?? row.email ?? row.phone ?? `Visitor ${shortId(row.id)}`
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
