// How does the share of those who come back fall from week to week?
import { useMemo } from 'react'
import type { Estimate, RetentionAnswer, RetentionQuestion, TrendValue } from '@/api/insightTypes'
import type { DrawnLine } from '../trend/lines'
import { SpanChart } from '../trend/SpanChart'
import { groupWords, percent } from '../words'
import { columnName, retentionSummary } from './words'

interface RetentionCurveProps {
  question: RetentionQuestion
  answer: RetentionAnswer
  compact?: boolean
}

const inPercent = { brief: percent, exact: (share: number) => `${(share * 100).toFixed(1)} %` }

export function RetentionCurve({ question, answer, compact }: RetentionCurveProps) {
  const places = useMemo(
    () =>
      answer.columns.map((column) => {
        const name = columnName(column, question)
        return { short: name, long: name, isWhole: true }
      }),
    [question, answer],
  )
  const lines = useMemo(() => {
    const of = answer.groups.length > 0 ? answer.groups.slice(0, 8) : [answer.all]
    return of.map((group, at): DrawnLine => {
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
        before: null,
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
    />
  )
}

export const pointOf = ({ value, n, low, high, not_estimable }: Estimate): TrendValue => ({
  value,
  n,
  low,
  high,
  not_estimable,
})
