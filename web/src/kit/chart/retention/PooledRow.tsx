// How many of all cohorts together came back, now and in the period before?
import type { RetentionOfGroup } from '@/api/insightTypes'
import { Icon } from '../../Icon'
import { countExact } from '../../number'
import { heatStyle } from '../heat'
import { briefly, pastWords, percent } from '../words'
import { OpenCell } from './CohortRow'
import type { RetentionGridProps } from './RetentionGrid'
import { nBegun, pickedCohort, pooledWorth, type PickedCell } from './words'
import classes from '../chart.module.css'

interface PooledRowProps extends RetentionGridProps {
  title: string
  group: RetentionOfGroup
  isOpen: boolean
  /** Shows and hides the cohorts; none where they are always shown. */
  onToggle?: () => void
}

export function PooledRow(props: PooledRowProps) {
  const { title, isOpen, onToggle } = props
  return (
    <tr className={classes.pooled}>
      <th scope="row">
        {onToggle ? (
          <button
            type="button"
            className={classes.opens}
            aria-expanded={isOpen}
            aria-label={`${title}, its cohorts`}
            onClick={onToggle}
          >
            <Icon name="chevron-right" size={14} />
            <bdi>{title}</bdi>
          </button>
        ) : (
          <bdi>{title}</bdi>
        )}
      </th>
      <Pooled {...props} isBefore={false} />
    </tr>
  )
}

type PooledBeforeProps = RetentionGridProps & { group: RetentionOfGroup | undefined }

/** The same columns in the period before, under those of now. */
export function PooledBefore({ group, ...props }: PooledBeforeProps) {
  if (!group) return null
  return (
    <tr className={classes.pooledBefore}>
      <th scope="row">{pastWords(props.question)}</th>
      <Pooled {...props} group={group} isBefore />
    </tr>
  )
}

type PooledProps = RetentionGridProps & { group: RetentionOfGroup; isBefore: boolean }

function Pooled({ question, answer, onPoint, group, isBefore }: PooledProps) {
  const n = nBegun(group)
  const open = (more: Pick<PickedCell, 'side' | 'column'>) =>
    onPoint?.(pickedCohort(question, answer, { group, cohort: null, isBefore, ...more }))
  return (
    <>
      <td data-align="end">
        <OpenCell
          text={countExact(n)}
          onOpen={onPoint && n > 0 && (() => open({ side: 'began', column: null }))}
        />
      </td>
      {group.pooled.map(({ of_cohorts: share, n_cohorts, n: n_back }, column) => {
        const worth = question.value ? pooledWorth(group, column) : null
        const text = share.value === null ? '–' : percent(share.value)
        return (
          <td
            key={column}
            data-align="end"
            className={classes.heat}
            style={isBefore ? undefined : heatStyle(worth ? worth.of_first : share.value)}
            title={
              share.value === null ? (share.not_estimable ?? '') : aboutShare(share, n_cohorts)
            }
          >
            <OpenCell
              text={question.value ? (worth ? briefly(worth.per_customer) : '–') : text}
              onOpen={onPoint && n_back > 0 && (() => open({ side: 'returned', column }))}
            />
          </td>
        )
      })}
    </>
  )
}

type Share = RetentionOfGroup['pooled'][number]['of_cohorts']

function aboutShare({ value, low, high }: Share, n_cohorts: number) {
  const of = `of ${n_cohorts} ${n_cohorts === 1 ? 'cohort' : 'cohorts'} that could`
  if (low === null || high === null) return `${percent(value ?? 0)}, ${of}`
  return `${percent(value ?? 0)} came back (95 %: ${percent(low)} to ${percent(high)}), ${of}`
}
