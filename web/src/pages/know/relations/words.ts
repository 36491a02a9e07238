// How is a relation told?
import type { Relation, Relations, WaitingRelation } from '@/api/types'
import { identifierWord } from '@/kit/IdentifierChip'
import { counted } from '@/kit/number'
import { dateOnly } from '@/kit/time'
import type { LineKind } from './circle'

export const kindWords: Record<LineKind, string> = {
  referral: 'referred',
  mention: 'mentioned',
  household: 'live together',
}

/** What relates a person to the customer, in a few words: "referred by this customer". */
export function tieWords(relations: Relations, id: string): string {
  const me = relations.customer_id
  const ties = relations.relations.flatMap(({ kind, from, to }) => {
    if (from === me && to === id) return [`${kindWords[kind]} by this customer`]
    if (from === id && to === me) return [`${kindWords[kind]} this customer`]
    return []
  })
  const isHome = relations.households.some(
    (household) => household.is_member && household.people.some((row) => row.id === id),
  )
  return [...ties, ...(isHome ? ['lives with this customer'] : [])].join(', ')
}

/** Since when, how often, how and from where it is known. */
export function evidenceWords(relation: Relation): string {
  const { code, n, first_at, source, said_by, kind } = relation
  const how = code ? `by code ${code}` : null
  const invited = kind === 'referral' && said_by === 'outward' ? 'by invitation' : null
  const often = n > 1 ? counted(n, 'time') : null
  return [how ?? invited, `since ${dateOnly(new Date(first_at))}`, often, source.name]
    .filter(Boolean)
    .join(', ')
}

export function waitingWords(waiting: WaitingRelation): string {
  const { kind, said_by } = waiting
  if (kind === 'mention') return 'mentioned by this customer'
  return said_by === 'outward' ? 'referred by this customer' : 'referred this customer'
}

export function namedAs({ identifier, code }: WaitingRelation): string {
  if (identifier) return `${identifierWord(identifier.kind)} ${identifier.value}`
  return `whoever owns the code ${code}`
}
