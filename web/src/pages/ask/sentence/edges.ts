// At which values are scores of recency, frequency and worth cut, and how are these values typed?
import type { RfmQuestion } from '@/api/insightTypes'

export type Edges = NonNullable<RfmQuestion['edges']>
export type Scale = Pick<Extract<Edges, { is: 'given' }>, 'recency_days' | 'frequency' | 'monetary'>

/** Ten scores each at most. */
const EDGES_MAX = 9

/** What many shops begin with: a month, a quarter, half a year; once, a few times. */
export const usualScale = { recency_days: [30, 90, 180], frequency: [1, 3], monetary: [100, 500] }

export type Read = { edges: number[] } | { problem: string }

/** "30, 90 180" → [30, 90, 180]; or what is wrong with it, as a person would say it. */
export function readEdges(text: string): Read {
  const words = text.split(/[\s,;]+/).filter(Boolean)
  if (words.length === 0) return { problem: 'At least one number' }
  if (words.length > EDGES_MAX) return { problem: `At most ${EDGES_MAX} numbers` }
  const edges = words.map(Number)
  const odd = words.find((_, at) => !Number.isFinite(edges[at]))
  if (odd !== undefined) return { problem: `“${odd}” is no number` }
  const isRising = edges.every((edge, at) => at === 0 || edge > (edges[at - 1] ?? -Infinity))
  return isRising ? { edges } : { problem: 'Each number larger than the one before' }
}

/** The same edges with or without those of the worth, as the question has a number for it or not. */
export function edgesWith(edges: Edges | null, hasMoney: boolean): Edges | null {
  if (edges?.is !== 'given') return edges
  const known = edges.monetary ?? []
  const monetary = known.length > 0 ? known : usualScale.monetary
  return { ...edges, monetary: hasMoney ? monetary : [] }
}

/** "cut at 30 and 90 days, once and 3 times". */
export function edgesWords(edges: Edges | null | undefined): string {
  if (edges?.is !== 'given') return `${edges?.quantiles ?? 5} scores each`
  return `scores cut at ${edges.recency_days.join(', ')} days and ${edges.frequency.join(', ')} times`
}
