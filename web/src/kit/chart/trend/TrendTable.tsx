// Which numbers are in the chart, one by one? Every one opens the customers behind it.
import type { TrendAnswer, TrendQuestion, TrendValue } from '@/api/insightTypes'
import { useMarks } from '../marks'
import { spanLong } from '../spanNames'
import { NumberCell, ScrollTable } from '../Table'
import type { OnPoint } from '../types'
import { exactly } from '../words'
import { allLines, type DrawnLine } from './lines'
import classes from './marks.module.css'
import { pickedOf } from './TrendChart'

interface TrendTableProps {
  question: TrendQuestion
  answer: TrendAnswer
  onPoint?: OnPoint
}

export function TrendTable({ question, answer, onPoint }: TrendTableProps) {
  const zone = question.clock?.time_zone ?? 'UTC'
  const lines = allLines(question, answer)
  const marks = useMarks(answer.spans, question.grain, zone)
  const pick = (line: DrawnLine, span: number | null, isBefore = false) =>
    onPoint && line.series !== null
      ? () => onPoint(pickedOf(question, answer, { line, span, isBefore }))
      : undefined
  const cells = (line: DrawnLine, at: number | null) => {
    const now = at === null ? line.whole : line.points[at]
    const before = at === null ? line.wholeBefore : line.before?.[at]
    const key = `${line.series} ${line.group}`
    return [
      <NumberCell key={key} onOpen={pick(line, at)} {...spoken(now)} />,
      ...(answer.compared
        ? [
            <NumberCell
              key={`${key} before`}
              muted
              onOpen={pick(line, at, true)}
              {...spoken(before)}
            />,
          ]
        : []),
    ]
  }
  return (
    <ScrollTable label="The numbers of the chart">
      <thead>
        <tr>
          <th scope="col">{capital(question.grain)}</th>
          {lines.flatMap((line) => {
            const key = `${line.series} ${line.group}`
            return [
              <th key={key} scope="col" data-align="end">
                {line.label}
              </th>,
              ...(answer.compared
                ? [
                    <th key={`${key} before`} scope="col" data-align="end">
                      Period before
                    </th>,
                  ]
                : []),
            ]
          })}
        </tr>
      </thead>
      <tbody>
        {answer.spans.map((span, at) => (
          <tr key={span.begin}>
            <th scope="row">
              {spanLong(span, question.grain, zone)}
              {!span.is_whole && <span className="muted"> (in part)</span>}
              {marks[at]?.map(({ key, text }) => (
                <div key={key} className={classes.inRow}>
                  {text}
                </div>
              ))}
            </th>
            {lines.flatMap((line) => cells(line, at))}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">The whole period</th>
          {lines.flatMap((line) => cells(line, null))}
        </tr>
      </tfoot>
    </ScrollTable>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function spoken(point: TrendValue | null | undefined) {
  if (!point || point.value === null) {
    return { value: '–', title: point?.not_estimable ?? undefined }
  }
  const interval =
    point.low === null || point.high === null
      ? undefined
      : `${exactly(point.low)} to ${exactly(point.high)} (95 %)`
  return { value: exactly(point.value), title: interval }
}
