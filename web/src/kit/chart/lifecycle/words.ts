// Which states does a lifecycle have, and what does it say?
import type {
  Group,
  LifecycleAnswer,
  LifecycleQuestion,
  LifecycleSpan,
  LifecycleState,
} from '@/api/insightTypes'
import { countExact } from '../../number'
import { spanLong } from '../spanNames'
import type { Picked } from '../types'
import { changeWords, groupWords, percent } from '../words'

interface State {
  key: LifecycleState
  name: string
  n: (span: LifecycleSpan) => number
  /** Its place among the colours. */
  color: number
}

export const states: State[] = [
  { key: 'returning', name: 'Returning', n: (span) => span.n_returning, color: 0 },
  { key: 'resurrecting', name: 'Back after a break', n: (span) => span.n_resurrecting, color: 2 },
  { key: 'new', name: 'New', n: (span) => span.n_new, color: 4 },
  { key: 'dormant', name: 'Gone quiet', n: (span) => span.n_dormant, color: 1 },
]

/** The spans of all customers or of one group, and the same of the period before. */
export interface Lives {
  group: Group | null
  spans: LifecycleSpan[]
  before: LifecycleSpan[] | null
}

export function livesOf(answer: LifecycleAnswer, place: number | null): Lives {
  const one = place === null ? undefined : answer.groups[place]
  if (!one) return { group: null, spans: answer.spans, before: answer.compared?.spans ?? null }
  const before = answer.compared?.groups[place ?? 0]?.spans ?? null
  return { group: one.group, spans: one.spans, before }
}

/** The last span that is over. */
export const lastWhole = (spans: LifecycleSpan[]) => spans.findLastIndex((span) => span.is_whole)

export function lifecycleSummary(question: LifecycleQuestion, answer: LifecycleAnswer): string {
  const at = lastWhole(answer.spans)
  const last = answer.spans[at]
  if (!last) return 'No whole span lies in this period yet.'
  const zone = question.clock?.time_zone ?? 'UTC'
  const then = answer.compared?.spans[at]
  const change = then
    ? `, ${changeWords(last.n_active, then.n_active)} in ${spanLong(then, question.grain, zone)} (${countExact(then.n_active)})`
    : ''
  const kept =
    last.kept.value === null
      ? ''
      : ` Of those active right before, ${percent(last.kept.value)} were active again.`
  return `In ${spanLong(last, question.grain, zone)} ${countExact(last.n_active)} customers were active${change}: ${countExact(last.n_returning)} returning, ${countExact(last.n_resurrecting)} back after a break, ${countExact(last.n_new)} new; ${countExact(last.n_dormant)} went quiet.${kept}`
}

interface PickedState {
  lives: Lives
  span: number
  state: State
  isBefore?: boolean
}

export function pickedState(
  question: LifecycleQuestion,
  answer: LifecycleAnswer,
  { lives, span, state, isBefore = false }: PickedState,
): Picked {
  const begin = (isBefore ? lives.before : lives.spans)?.[span]
  const zone = question.clock?.time_zone ?? 'UTC'
  const named = lives.group ? `${groupWords(lives.group)}, ` : ''
  const shown = answer.groups.flatMap(({ group }) => (group.is === 'value' ? [group.value] : []))
  return {
    place: {
      insight: 'lifecycle',
      at: {
        ...{ span, state: state.key },
        ...(lives.group && { group: lives.group, shown }),
        ...(isBefore && { compared: true }),
      },
    },
    label: `${named}${state.name}, ${begin ? spanLong(begin, question.grain, zone) : ''}`,
  }
}
