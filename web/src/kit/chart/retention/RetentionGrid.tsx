// Of those who began in some week, how many came back later? The darker, the more.
import type { RetentionAnswer, RetentionOfGroup, RetentionQuestion } from '@/api/insightTypes'
import { countExact } from '../../number'
import { heatStyle } from '../heat'
import { spanShort } from '../spanNames'
import { ScrollTable } from '../Table'
import type { OnPoint } from '../types'
import { briefly, groupWords, percent } from '../words'
import { columnName, pickedCohort } from './words'
import classes from '../chart.module.css'

interface RetentionGridProps {
  question: RetentionQuestion
  answer: RetentionAnswer
  onPoint?: OnPoint
}

export function RetentionGrid({ question, answer, onPoint }: RetentionGridProps) {
  return (
    <ScrollTable label="Who came back">
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col" data-align="end">
            Customers
          </th>
          {answer.columns.map((column) => (
            <th scope="col" key={column.first} data-align="end">
              {columnName(column, question)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <Pooled title="All of them" group={answer.all} />
        {answer.groups.map((group) => (
          <Pooled key={groupWords(group.group)} title={groupWords(group.group)} group={group} />
        ))}
        {answer.all.cohorts.map((_, at) => (
          <Cohort key={at} {...{ question, answer, onPoint, at }} />
        ))}
      </tbody>
    </ScrollTable>
  )
}

/** All cohorts for which a column is over, together. */
function Pooled({ title, group }: { title: string; group: RetentionOfGroup }) {
  const n = group.cohorts.reduce((sum, cohort) => sum + cohort.n, 0)
  return (
    <tr className={classes.pooled}>
      <th scope="row">
        <bdi>{title}</bdi>
      </th>
      <td data-align="end">{countExact(n)}</td>
      {group.pooled.map(({ of_cohorts: share, n_cohorts }, at) => (
        <td
          key={at}
          data-align="end"
          className={classes.heat}
          style={heatStyle(share.value)}
          title={share.value === null ? (share.not_estimable ?? '') : intervalOf(share, n_cohorts)}
        >
          {share.value === null ? '–' : percent(share.value)}
        </td>
      ))}
    </tr>
  )
}

function intervalOf(share: { low: number | null; high: number | null }, n_cohorts: number) {
  const of = `of ${n_cohorts} that could`
  if (share.low === null || share.high === null) return of
  return `${percent(share.low)} to ${percent(share.high)} (95 %), ${of}`
}

interface CohortProps extends RetentionGridProps {
  at: number
}

function Cohort({ question, answer, onPoint, at }: CohortProps) {
  const cohort = answer.all.cohorts[at]
  if (!cohort) return null
  const zone = question.clock?.time_zone ?? 'UTC'
  const open = (side: 'began' | 'returned', column: number | null) =>
    onPoint?.(pickedCohort(question, answer, { group: answer.all, cohort: at, side, column }))
  return (
    <tr>
      <th scope="row">
        {spanShort(cohort, question.grain, zone)}
        {!cohort.is_whole && <span className="muted"> (in part)</span>}
      </th>
      <td data-align="end">
        <Open
          text={countExact(cohort.n)}
          onOpen={onPoint && cohort.n > 0 && (() => open('began', null))}
        />
      </td>
      {cohort.cells.map((cell, column) =>
        cell === null ? (
          <td key={column} />
        ) : (
          <td
            key={column}
            data-align="end"
            className={classes.heat}
            data-running={!cell.is_over || undefined}
            style={heatStyle(cell.worth ? cell.worth.of_first : cell.of_cohort.value)}
            title={`${countExact(cell.n)} of ${countExact(cohort.n)}${cell.is_over ? '' : ', not over yet'}`}
          >
            <Open
              text={textOf(cell)}
              onOpen={onPoint && cell.n > 0 && (() => open('returned', column))}
            />
          </td>
        ),
      )}
    </tr>
  )
}

type Cell = NonNullable<RetentionOfGroup['cohorts'][number]['cells'][number]>

function textOf({ worth, of_cohort }: Cell): string {
  if (worth) return worth.per_customer.value === null ? '–' : briefly(worth.per_customer.value)
  return of_cohort.value === null ? '–' : percent(of_cohort.value)
}

function Open({ text, onOpen }: { text: string; onOpen?: false | (() => void) }) {
  if (!onOpen) return <>{text}</>
  return (
    <button type="button" className={classes.cell} data-plain onClick={onOpen}>
      {text}
    </button>
  )
}
