// What does a retention say, and what is a column called?
import type { RetentionAnswer, RetentionOfGroup, RetentionQuestion } from '@/api/insightTypes'
import { counted } from '../../number'
import type { Picked } from '../types'
import { groupWords, percent } from '../words'
import { spanShort } from '../spanNames'

type Column = RetentionAnswer['columns'][number]

/** "Week 3", "days 3 to 6". */
export function columnName({ first, last }: Column, { grain }: RetentionQuestion): string {
  const name = grain.charAt(0).toUpperCase() + grain.slice(1)
  return first === last ? `${name} ${first}` : `${name}s ${first} to ${last}`
}

export function retentionSummary(question: RetentionQuestion, answer: RetentionAnswer): string {
  const n = answer.all.cohorts.reduce((sum, cohort) => sum + cohort.n, 0)
  if (n === 0) return 'Nobody began in this period.'
  const began = `${counted(n, 'customer')} began in ${counted(answer.all.cohorts.length, question.grain)}`
  const said = answer.columns.flatMap((column, at) => {
    const share = answer.all.pooled[at]?.of_cohorts.value
    if (column.first === 0 || share === null || share === undefined) return []
    return [`${percent(share)} in ${columnName(column, question).toLowerCase()}`]
  })
  const [first] = said
  const last = said.at(-1)
  if (!first || !last) return `${began}; it is too early to say who comes back.`
  return `${began}. Of those who could, ${first}${said.length > 1 ? ` and ${last}` : ''} came back.`
}

interface PointOf {
  group: RetentionOfGroup
  cohort: number
  side: 'began' | 'returned' | 'stayed'
  column: number | null
}

export function pickedCohort(
  question: RetentionQuestion,
  answer: RetentionAnswer,
  { group, cohort, side, column }: PointOf,
): Picked {
  const of = group.cohorts[cohort]
  const zone = question.clock?.time_zone ?? 'UTC'
  const began = of ? `began ${spanShort(of, question.grain, zone)}` : 'began'
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
        group: group.group.is === 'all' ? null : group.group,
        shown,
      },
    },
    label: `${named}${began}${back}`.replace(/^./, (first) => first.toUpperCase()),
  }
}
