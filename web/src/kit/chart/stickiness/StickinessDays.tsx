// How much of a habit is it: on how many days of a week or month are customers active?
import { useMemo } from 'react'
import type { StickinessAnswer, StickinessQuestion } from '@/api/insightTypes'
import { counted, countExact } from '../../number'
import { countLine } from '../lines'
import { spanLong, spanShort } from '../spanNames'
import { NumberCell, ScrollTable } from '../Table'
import { SpanChart } from '../trend/SpanChart'
import type { OnPoint } from '../types'
import { briefly, percent } from '../words'

interface StickinessProps {
  question: StickinessQuestion
  answer: StickinessAnswer
  onPoint?: OnPoint
  compact?: boolean
}

/** The last span that is over, else the last one. */
function shownSpan({ spans }: StickinessAnswer): number {
  const whole = spans.findLastIndex((span) => span.is_whole)
  return whole >= 0 ? whole : spans.length - 1
}

export function stickinessSummary(question: StickinessQuestion, answer: StickinessAnswer): string {
  const span = answer.spans[shownSpan(answer)]
  if (!span) return 'Nobody was active in this period.'
  const zone = question.clock?.time_zone ?? 'UTC'
  const { value } = span.mean_days
  const habit =
    value === null
      ? ''
      : `, on ${briefly(value)} days on average${span.share_of_days.value === null ? '' : ` (${percent(span.share_of_days.value)} of the days)`}`
  return `In ${spanLong(span, question.grain, zone)} ${counted(span.n_customers, 'customer')} ${span.n_customers === 1 ? 'was' : 'were'} active${habit}.`
}

export function StickinessDays({ question, answer, onPoint, compact }: StickinessProps) {
  const at = shownSpan(answer)
  const places = useMemo(() => {
    const n = answer.spans[at]?.n_by_days.length ?? 0
    return Array.from({ length: n }, (_, day) => {
      const name = counted(day + 1, 'day')
      return { short: name, long: `Active on ${name}`, isWhole: true }
    })
  }, [answer, at])
  const lines = useMemo(
    () => [countLine('Customers', 0, answer.spans[at]?.n_by_days ?? [])],
    [answer, at],
  )
  return (
    <SpanChart
      {...{ places, lines, compact }}
      chart="bar"
      summary={stickinessSummary(question, answer)}
      onPick={
        onPoint &&
        ((_, day) =>
          onPoint({
            place: { insight: 'stickiness', at: { span: at, n_days: day + 1 } },
            label: places[day]?.long ?? '',
          }))
      }
    />
  )
}

/** Active on a day, in the 7 and in the 30 days that end with it. */
export function StickinessLine({ question, answer, compact }: StickinessProps) {
  const zone = question.clock?.time_zone ?? 'UTC'
  const places = useMemo(
    () =>
      answer.days.map((day) => ({
        short: spanShort(day, 'day', zone),
        long: spanLong(day, 'day', zone),
        isWhole: day.is_whole,
      })),
    [answer, zone],
  )
  const lines = useMemo(
    () => [
      countLine(
        'On the day',
        0,
        answer.days.map((day) => day.n_day),
      ),
      countLine(
        'In 7 days',
        1,
        answer.days.map((day) => day.n_week),
      ),
      countLine(
        'In 30 days',
        2,
        answer.days.map((day) => day.n_month),
      ),
    ],
    [answer],
  )
  return (
    <SpanChart
      {...{ places, lines, compact }}
      chart="line"
      summary={stickinessSummary(question, answer)}
    />
  )
}

export function StickinessTable({ question, answer, onPoint }: StickinessProps) {
  const zone = question.clock?.time_zone ?? 'UTC'
  const most = Math.max(0, ...answer.spans.map((span) => span.n_by_days.length))
  const days = Array.from({ length: most }, (_, at) => at + 1)
  return (
    <ScrollTable label="Active days in numbers">
      <thead>
        <tr>
          <th scope="col">Time</th>
          {['Active', 'Mean days', 'Of the days', ...days.map((day) => counted(day, 'day'))].map(
            (name) => (
              <th key={name} scope="col" data-align="end">
                {name}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {answer.spans.map((span, at) => (
          <tr key={span.begin}>
            <th scope="row">
              {spanLong(span, question.grain, zone)}
              {!span.is_whole && <span className="muted"> (in part)</span>}
            </th>
            <NumberCell value={countExact(span.n_customers)} />
            <NumberCell
              value={span.mean_days.value === null ? '–' : briefly(span.mean_days.value)}
              title={span.mean_days.not_estimable ?? undefined}
            />
            <NumberCell
              value={span.share_of_days.value === null ? '–' : percent(span.share_of_days.value)}
            />
            {days.map((day) => {
              const n = span.n_by_days[day - 1]
              return (
                <NumberCell
                  key={day}
                  value={n === undefined ? '–' : countExact(n)}
                  onOpen={
                    onPoint && n
                      ? () =>
                          onPoint({
                            place: { insight: 'stickiness', at: { span: at, n_days: day } },
                            label: `Active on ${counted(day, 'day')}, ${spanLong(span, question.grain, zone)}`,
                          })
                      : undefined
                  }
                />
              )
            })}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  )
}
