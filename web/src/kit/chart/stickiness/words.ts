// Which span of stickiness is shown first, and what does it say?
import type {
  Group,
  StickinessAnswer,
  StickinessNumbers,
  StickinessQuestion,
} from '@/api/insightTypes'
import { counted } from '../../number'
import { spanLong } from '../spanNames'
import type { Picked } from '../types'
import { briefly, groupWords, percent } from '../words'

/** The habits of all customers or of one group, and the same of the period before. */
export interface Habits {
  group: Group | null
  now: StickinessNumbers
  before: StickinessNumbers | null
}

export function habitsOf(answer: StickinessAnswer, place: number | null): Habits {
  const one = place === null ? undefined : answer.groups[place]
  if (!one) return { group: null, now: answer, before: answer.compared }
  return { group: one.group, now: one, before: answer.compared?.groups[place ?? 0] ?? null }
}

/** The last span that is over, else the last one. */
export function shownSpan({ spans }: StickinessNumbers): number {
  const whole = spans.findLastIndex((span) => span.is_whole)
  return whole >= 0 ? whole : spans.length - 1
}

export function stickinessSummary(question: StickinessQuestion, answer: StickinessAnswer): string {
  const at = shownSpan(answer)
  const span = answer.spans[at]
  if (!span) return 'Nobody was active in this period.'
  const zone = question.clock?.time_zone ?? 'UTC'
  const { value } = span.mean_days
  const habit =
    value === null
      ? ''
      : `, on ${briefly(value)} days on average${span.share_of_days.value === null ? '' : ` (${percent(span.share_of_days.value)} of the days)`}`
  const then = answer.compared?.spans[at]
  const change =
    then && then.mean_days.value !== null
      ? ` In ${spanLong(then, question.grain, zone)} it was ${counted(then.n_customers, 'customer')} on ${briefly(then.mean_days.value)} days.`
      : ''
  return `In ${spanLong(span, question.grain, zone)} ${counted(span.n_customers, 'customer')} ${span.n_customers === 1 ? 'was' : 'were'} active${habit}.${change}`
}

interface PickedHabit {
  habits: Habits
  /** The place of a span with the number of days in it; or of a day with the 1, 7 or 30 before. */
  at: { span: number; n_days: number } | { day: number; n_days: number }
  label: string
  isBefore?: boolean
}

export function pickedHabit(
  answer: StickinessAnswer,
  { habits, at, label, isBefore = false }: PickedHabit,
): Picked {
  const { group } = habits
  const shown = answer.groups.flatMap(({ group }) => (group.is === 'value' ? [group.value] : []))
  const when = isBefore ? ', period before' : ''
  return {
    place: {
      insight: 'stickiness',
      at: { ...at, ...(group && { group, shown }), ...(isBefore && { compared: true }) },
    },
    label: `${group ? `${groupWords(group)}, ` : ''}${label}${when}`,
  }
}
