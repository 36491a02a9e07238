// How does the share of those who come back fall from week to week?
import { useMemo } from 'react'
import type { Estimate, RetentionAnswer, RetentionQuestion, TrendValue } from '@/api/insightTypes'
import type { DrawnLine } from '../trend/lines'
import { SpanChart } from '../trend/SpanChart'
import type { OnPoint } from '../types'
import { groupWords, percent } from '../words'
import { columnName, pickedCohort, retentionSummary } from './words'

interface RetentionCurveProps {
  question: RetentionQuestion
  answer: RetentionAnswer
  onPoint?: OnPoint
  compact?: boolean
}

const inPercent = { brief: percent, exact: (share: number) => `${(share * 100).toFixed(1)} %` }

export function RetentionCurve({ question, answer, onPoint, compact }: RetentionCurveProps) {
  const places = useMemo(
    () =>
      answer.columns.map((column) => {
        const name = columnName(column, question)
        return { short: name, long: name, isWhole: true }
      }),
    [question, answer],
  )
  const lines = useMemo(() => {
    const [now, then] = drawnGroups(answer)
    return now.map((group, at): DrawnLine => {
      const points = group.pooled.map(({ of_cohorts }) => pointOf(of_cohorts))
      const isRest = group.group.is === 'other' || group.group.is === 'absent'
      return {
        label: group.group.is === 'all' ? 'All customers' : groupWords(group.group),
        color: isRest || at > 5 ? null : at,
        series: 0,
        group: at,
        points,
        whole:
          points[0] ?? pointOf({ value: null, n: 0, low: null, high: null, not_estimable: '' }),
        before: then[at]?.pooled.map(({ of_cohorts }) => pointOf(of_cohorts)) ?? null,
        wholeBefore: null,
        counts: false,
        adds: false,
      }
    })
  }, [answer])
  return (
    <SpanChart
      {...{ places, lines, compact }}
      chart="line"
      written={inPercent}
      top={1}
      summary={retentionSummary(question, answer)}
      onPick={
        onPoint &&
        ((line, column, isBefore) => {
          const group = drawnGroups(answer)[isBefore ? 1 : 0][line.group]
          const more = { cohort: null, side: 'returned' as const, column, isBefore }
          if (group) onPoint(pickedCohort(question, answer, { group, ...more }))
        })
      }
    />
  )
}

/** More lines than these nobody tells apart. */
const GROUPS_MAX = 8

/** The groups that are drawn, now and in the period before; all together where there is none. */
function drawnGroups({ all, groups, compared }: RetentionAnswer) {
  if (groups.length === 0) return [[all], compared ? [compared.all] : []] as const
  return [groups.slice(0, GROUPS_MAX), compared?.groups.slice(0, GROUPS_MAX) ?? []] as const
}

export const pointOf = ({ value, n, low, high, not_estimable }: Estimate): TrendValue => ({
  value,
  n,
  low,
  high,
  not_estimable,
})
