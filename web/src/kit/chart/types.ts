// What does a picture of an answer need, and what may it be?
import type { Place, StoredAnswer, StoredQuestion } from '@/api/insightTypes'

export type Chart =
  'line' | 'bar' | 'number' | 'table' | 'funnel' | 'heat' | 'sankey' | 'states' | 'days'

/** How an answer is to be looked at: kept with a card of a board. */
export interface Look {
  chart: Chart
}

/** A place of an answer that was chosen, with what a person calls it. */
export interface Picked {
  place: Place
  /** "Order Completed, week 2026-W08". */
  label: string
}

export type OnPoint = (picked: Picked) => void

/** The ways to look at each answer, the usual one first. */
export const looksOf: Record<StoredQuestion['insight'], Chart[]> = {
  trend: ['line', 'bar', 'number', 'table'],
  funnel: ['funnel', 'table'],
  retention: ['heat', 'line'],
  paths: ['sankey', 'table'],
  visits: ['table', 'line'],
  lifecycle: ['states', 'table'],
  stickiness: ['days', 'line', 'table'],
  rfm: ['heat'],
  'last-touch': ['table'],
}

/** The way that is meant: the one that was chosen, where the answer can be looked at so. */
export function lookOf(insight: StoredQuestion['insight'], look?: { chart: string } | null): Chart {
  const looks = looksOf[insight]
  return looks.find((chart) => chart === look?.chart) ?? looks[0] ?? 'table'
}

export interface AnswerViewProps {
  question: StoredQuestion
  answer: StoredAnswer
  look?: { chart: string } | null
  onPoint?: OnPoint
  /** For a card: less height, no words around. */
  compact?: boolean
}
