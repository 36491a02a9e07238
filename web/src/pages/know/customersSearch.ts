// How do the controls of the customer list stand in its address, and in the question to the API?
import type { CustomersQuery } from '@/api/types'
import { customerSorts, oneOf } from '@/api/words'
import type { Sort } from '@/kit/table/types'

export interface CustomersSearch {
  q?: string
  known?: string
  country?: string
  has_orders?: string
  seen_since?: string
  sort?: string
  order?: string
  columns?: string
}

const DAY_MS = 86_400_000

export function sortOf(search: CustomersSearch) {
  const key = oneOf(customerSorts, search.sort) ?? 'last_seen'
  return { key, order: search.order === 'asc' ? 'asc' : 'desc' } satisfies Sort
}

export function queryOf(search: CustomersSearch): CustomersQuery {
  const { key, order } = sortOf(search)
  return {
    q: search.q,
    known: flag(search.known),
    country: search.country,
    has_orders: flag(search.has_orders),
    seen_since: sinceOf(search.seen_since, new Date()),
    sort: key,
    order,
  }
}

/** "7d" in the address means the seven days until now, cut to the hour so that it can be cached. */
export function sinceOf(text: string | undefined, now: Date): string | undefined {
  const days = /^(\d{1,4})d$/.exec(text ?? '')?.[1]
  if (!days) return undefined
  const since = new Date(now.getTime() - Number(days) * DAY_MS)
  since.setUTCMinutes(0, 0, 0)
  return since.toISOString()
}

export function isFiltered(search: CustomersSearch): boolean {
  return Boolean(
    search.q || search.known || search.country || search.has_orders || search.seen_since,
  )
}

export function chosenColumns(search: CustomersSearch): string[] | null {
  return search.columns === undefined ? null : search.columns.split(',')
}

function flag(text: string | undefined): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}
