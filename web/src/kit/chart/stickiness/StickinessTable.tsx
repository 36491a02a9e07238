// On how many days were customers active, span by span?
import type { StickinessNumbers } from '@/api/insightTypes'
import { counted, countExact } from '../../number'
import { spanLong, spanShort } from '../spanNames'
import { NumberCell, ScrollTable } from '../Table'
import { briefly, groupWords, percent } from '../words'
import type { StickinessProps } from './StickinessDays'
import { habitsOf, pickedHabit, type Habits } from './words'

export function StickinessTable({ question, answer, onPoint }: StickinessProps) {
  const most = Math.max(0, ...answer.spans.map((span) => span.n_by_days.length))
  const days = Array.from({ length: most }, (_, at) => at + 1)
  const all = [null, ...answer.groups.map((_, at) => at)].map((at) => habitsOf(answer, at))
  const rows = all.flatMap((habits) => rowsOf(habits))
  const zone = question.clock?.time_zone ?? 'UTC'
  return (
    <ScrollTable label="Active days in numbers">
      <thead>
        <tr>
          {all.length > 1 && <th scope="col">Group</th>}
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
        {rows.map(({ habits, span, at, isBefore }) => {
          const when = spanLong(span, question.grain, zone)
          const open = (n_days: number) => () =>
            onPoint?.(
              pickedHabit(answer, {
                ...{ habits, isBefore, at: { span: at, n_days } },
                label: `Active on ${counted(n_days, 'day')}, ${when}`,
              }),
            )
          return (
            <tr key={`${habits.group ? groupWords(habits.group) : ''} ${span.begin} ${isBefore}`}>
              {all.length > 1 && (
                <th scope="row">
                  <bdi className={at === 0 && !isBefore ? undefined : 'visually-hidden'}>
                    {habits.group ? groupWords(habits.group) : 'All'}
                  </bdi>
                </th>
              )}
              <th scope="row" className={isBefore ? 'muted' : undefined} title={when}>
                {isBefore && 'before: '}
                {spanShort(span, question.grain, zone)}
                {!span.is_whole && <span className="muted"> (in part)</span>}
              </th>
              <NumberCell value={countExact(span.n_customers)} muted={isBefore} />
              <NumberCell
                value={span.mean_days.value === null ? '–' : briefly(span.mean_days.value)}
                title={span.mean_days.not_estimable ?? undefined}
                muted={isBefore}
              />
              <NumberCell
                value={span.share_of_days.value === null ? '–' : percent(span.share_of_days.value)}
                muted={isBefore}
              />
              {days.map((day) => {
                const n = span.n_by_days[day - 1]
                return (
                  <NumberCell
                    key={day}
                    value={n === undefined ? '–' : countExact(n)}
                    muted={isBefore}
                    onOpen={onPoint && n ? open(day) : undefined}
                  />
                )
              })}
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}

interface Row {
  habits: Habits
  span: StickinessNumbers['spans'][number]
  at: number
  isBefore: boolean
}

/** Each span, and under it the one with which it is compared. */
function rowsOf(habits: Habits): Row[] {
  return habits.now.spans.flatMap((span, at) => {
    const then = habits.before?.spans[at]
    return [
      { habits, span, at, isBefore: false },
      ...(then ? [{ habits, span: then, at, isBefore: true }] : []),
    ]
  })
}
