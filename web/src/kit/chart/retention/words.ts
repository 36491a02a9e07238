// What does a retention say, and what is a column called?
import type { RetentionAnswer, RetentionOfGroup, RetentionQuestion } from '@/api/insightTypes'
import { counted } from '../../number'
import type { Picked } from '../types'
import { groupWords, pastWords, percent } from '../words'
import { spanShort } from '../spanNames'

type Column = RetentionAnswer['columns'][number]

/** "Week 3", "days 3 to 6". */
export function columnName({ first, last }: Column, { grain }: RetentionQuestion): string {
  const name = grain.charAt(0).toUpperCase() + grain.slice(1)
  return first === last ? `${name} ${first}` : `${name}s ${first} to ${last}`
}

/** A key of a group among those of an answer. */
export const groupKey = ({ group }: RetentionOfGroup) => `${group.is} ${groupWords(group)}`

/** The customers of all cohorts. */
export const nBegun = ({ cohorts }: RetentionOfGroup) =>
  cohorts.reduce((sum, cohort) => sum + cohort.n, 0)

/** What returns in a column are worth per customer, of all cohorts for which it is over. */
export function pooledWorth({ cohorts }: RetentionOfGroup, column: number) {
  const over = cohorts.flatMap(({ n, cells }) => {
    const [cell, first] = [cells[column], cells[0]]
    if (n === 0 || !cell?.worth || !cell.is_over) return []
    return [{ n, sum: cell.worth.sum, first: first?.worth?.sum ?? 0 }]
  })
  if (over.length === 0) return null
  const total = (of: (one: (typeof over)[number]) => number) =>
    over.reduce((sum, one) => sum + of(one), 0)
  const [n, sum, first] = [
    total((one) => one.n),
    total((one) => one.sum),
    total((one) => one.first),
  ]
  return { per_customer: sum / n, of_first: first > 0 ? sum / first : null }
}

export function retentionSummary(question: RetentionQuestion, answer: RetentionAnswer): string {
  const n = nBegun(answer.all)
  if (n === 0) return 'Nobody began in this period.'
  const began = `${counted(n, 'customer')} began in ${counted(answer.all.cohorts.length, question.grain)}`
  const said = answer.columns.flatMap((column, at) => {
    const share = answer.all.pooled[at]?.of_cohorts.value
    if (column.first === 0 || share === null || share === undefined) return []
    const before = answer.compared?.all.pooled[at]?.of_cohorts.value
    const then = typeof before === 'number' ? ` (before: ${percent(before)})` : ''
    return [`${percent(share)}${then} in ${columnName(column, question).toLowerCase()}`]
  })
  const [first] = said
  const last = said.at(-1)
  if (!first || !last) return `${began}; it is too early to say who comes back.`
  return `${began}. Of those who could, ${first}${said.length > 1 ? ` and ${last}` : ''} came back.`
}

export interface PickedCell {
  group: RetentionOfGroup
  /** Its place; null for all of them together. */
  cohort: number | null
  side: 'began' | 'returned' | 'stayed'
  column: number | null
  /** In the period before. */
  isBefore?: boolean
}

export function pickedCohort(
  question: RetentionQuestion,
  answer: RetentionAnswer,
  { group, cohort, side, column, isBefore = false }: PickedCell,
): Picked {
  const of = cohort === null ? undefined : group.cohorts[cohort]
  const zone = question.clock?.time_zone ?? 'UTC'
  const when = of
    ? spanShort(of, question.grain, zone)
    : isBefore
      ? `in the ${pastWords(question)}`
      : ''
  const began = `began ${when}`.trim()
  const place = answer.columns[column ?? 0]
  const back =
    column === null || !place ? '' : `, back in ${columnName(place, question).toLowerCase()}`
  const shown = answer.groups.flatMap(({ group }) => (group.is === 'value' ? [group.value] : []))
  const named = group.group.is === 'all' ? '' : `${groupWords(group.group)}, `
  return {
    place: {
      insight: 'retention',
      at: {
        cohort,
        side,
        column,
        ...(isBefore && { compared: true }),
        group: group.group.is === 'all' ? null : group.group,
        shown,
      },
    },
    label: `${named}${began}${back}`.replace(/^./, (first) => first.toUpperCase()),
  }
}
