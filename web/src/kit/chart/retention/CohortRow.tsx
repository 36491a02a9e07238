// How many of one cohort came back, column by column? Every number opens its customers.
import type { RetentionCell, RetentionOfGroup } from '@/api/insightTypes'
import { countExact } from '../../number'
import { heatStyle } from '../heat'
import { spanShort } from '../spanNames'
import { briefly, percent } from '../words'
import type { RetentionGridProps } from './RetentionGrid'
import { pickedCohort, type PickedCell } from './words'
import classes from '../chart.module.css'

interface CohortRowProps extends RetentionGridProps {
  group: RetentionOfGroup
  /** The place of the cohort in its group. */
  at: number
  /** It stands under the row of a group. */
  isInner: boolean
}

export function CohortRow({ question, answer, onPoint, group, at, isInner }: CohortRowProps) {
  const cohort = group.cohorts[at]
  if (!cohort) return null
  const zone = question.clock?.time_zone ?? 'UTC'
  const open = (more: Pick<PickedCell, 'side' | 'column'>) =>
    onPoint?.(pickedCohort(question, answer, { group, cohort: at, ...more }))
  return (
    <tr className={isInner ? classes.inner : undefined}>
      <th scope="row">
        {spanShort(cohort, question.grain, zone)}
        {!cohort.is_whole && <span className="muted"> (in part)</span>}
      </th>
      <td data-align="end">
        <OpenCell
          text={countExact(cohort.n)}
          onOpen={onPoint && cohort.n > 0 && (() => open({ side: 'began', column: null }))}
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
            <OpenCell
              text={textOf(cell)}
              onOpen={onPoint && cell.n > 0 && (() => open({ side: 'returned', column }))}
            />
          </td>
        ),
      )}
    </tr>
  )
}

function textOf({ worth, of_cohort }: RetentionCell): string {
  if (worth) return worth.per_customer.value === null ? '–' : briefly(worth.per_customer.value)
  return of_cohort.value === null ? '–' : percent(of_cohort.value)
}

export function OpenCell({ text, onOpen }: { text: string; onOpen?: false | (() => void) }) {
  if (!onOpen) return <>{text}</>
  return (
    <button type="button" className={classes.cell} data-plain onClick={onOpen}>
      {text}
    </button>
  )
}
