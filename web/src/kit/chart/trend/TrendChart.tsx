// How did numbers go over time? A click opens the customers behind a point.
import { useMemo } from 'react'
import type { TrendAnswer, TrendQuestion } from '@/api/insightTypes'
import { useMarks, type Mark } from '../marks'
import { spanLong, spanShort } from '../spanNames'
import type { OnPoint } from '../types'
import { drawnLines, type DrawnLine } from './lines'
import type { AxisPlace } from './option'
import { SpanChart } from './SpanChart'
import { pastWords } from '../words'
import { trendSummary } from './summary'
import classes from '../chart.module.css'

interface TrendChartProps {
  question: TrendQuestion
  answer: TrendAnswer
  chart: 'line' | 'bar'
  onPoint?: OnPoint
  compact?: boolean
}

export function TrendChart({ question, answer, chart, onPoint, compact }: TrendChartProps) {
  const { drawn: lines, n_left } = useMemo(() => drawnLines(question, answer), [question, answer])
  const zone = question.clock?.time_zone ?? 'UTC'
  const marks = useMarks(answer.spans, question.grain, zone)
  const places = useMemo(() => placesOf(question, answer, marks), [question, answer, marks])
  return (
    <div className={classes.fill}>
      <SpanChart
        {...{ places, lines, chart, compact }}
        summary={trendSummary(question, answer)}
        onPick={
          onPoint &&
          ((line, span, isBefore) => {
            if (line.series !== null) onPoint(pickedOf(question, answer, { line, span, isBefore }))
          })
        }
      />
      {n_left > 0 && !compact && (
        <p className={classes.aside}>
          The {lines.length} largest are drawn;{' '}
          {n_left === 1 ? 'one more is' : `${n_left} more are`} in the table.
        </p>
      )}
    </div>
  )
}

function placesOf(question: TrendQuestion, answer: TrendAnswer, marks: Mark[][]): AxisPlace[] {
  const zone = question.clock?.time_zone ?? 'UTC'
  return answer.spans.map((span, at) => {
    const before = answer.compared?.spans[at]
    return {
      short: spanShort(span, question.grain, zone),
      long: spanLong(span, question.grain, zone),
      isWhole: span.is_whole,
      before: before && spanLong(before, question.grain, zone),
      marks: marks[at],
    }
  })
}

interface PickedPoint {
  line: DrawnLine
  /** Its place; null for the whole period. */
  span: number | null
  isBefore?: boolean
}

export function pickedOf(
  question: TrendQuestion,
  answer: TrendAnswer,
  { line, span, isBefore = false }: PickedPoint,
) {
  const zone = question.clock?.time_zone ?? 'UTC'
  const spans = isBefore ? answer.compared?.spans : answer.spans
  const at = span === null ? undefined : spans?.[span]
  const whole = isBefore ? `the whole ${pastWords(question)}` : 'the whole period'
  const when = at ? spanLong(at, question.grain, zone) : whole
  return {
    place: {
      insight: 'trend' as const,
      at: {
        ...{ series: line.series ?? 0, group: line.group, span },
        ...(isBefore && { compared: true }),
      },
    },
    label: `${line.label}, ${when}`,
  }
}
