// How is a length of time written ("30 days"), and how is it changed?
import type { Length } from '@/api/definitionTypes'

export const units = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
export type Unit = (typeof units)[number]

export interface Parts {
  n: number
  unit: Unit
}

const form = /^\s*(\d+)\s+(minute|hour|day|week|month|quarter|year)s?\s*$/i

export function partsOf(length: Length): Parts | null {
  const found = form.exec(length)
  if (!found?.[1] || !found[2]) return null
  return { n: Number(found[1]), unit: found[2].toLowerCase() as Unit }
}

export const written = ({ n, unit }: Parts): Length => `${n} ${n === 1 ? unit : `${unit}s`}`

/** "from 180 to 30 days ago", "from 6 months to 30 days ago". */
export function fromTo(from: Length, to: Length): string {
  const [far, near] = [partsOf(from), partsOf(to)]
  if (far && near && far.unit === near.unit) return `from ${far.n} to ${written(near)} ago`
  return `from ${from} to ${to} ago`
}

const seconds: Record<Unit, number> = {
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_629_800,
  quarter: 7_889_400,
  year: 31_557_600,
}

/** About how long it is, to compare two of them. */
export function about(length: Length): number {
  const parts = partsOf(length)
  return parts ? parts.n * seconds[parts.unit] : 0
}
