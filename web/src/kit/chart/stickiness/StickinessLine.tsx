// How many are active on a day, in the 7 and in the 30 days that end with it?
import { useMemo } from 'react'
import { countLine } from '../lines'
import { spanLong, spanShort } from '../spanNames'
import { SpanChart } from '../trend/SpanChart'
import type { StickinessProps } from './StickinessDays'
import { habitsOf, pickedHabit, stickinessSummary } from './words'

const windows = [
  { name: 'On the day', n_days: 1, field: 'n_day' },
  { name: 'In 7 days', n_days: 7, field: 'n_week' },
  { name: 'In 30 days', n_days: 30, field: 'n_month' },
] as const

export function StickinessLine({ question, answer, onPoint, compact }: StickinessProps) {
  const zone = question.clock?.time_zone ?? 'UTC'
  const places = useMemo(
    () =>
      answer.days.map((day, at) => {
        const then = answer.compared?.days[at]
        return {
          short: spanShort(day, 'day', zone),
          long: spanLong(day, 'day', zone),
          isWhole: day.is_whole,
          before: then && spanLong(then, 'day', zone),
        }
      }),
    [answer, zone],
  )
  const lines = useMemo(
    () =>
      windows.map(({ name, field }, color) => {
        const before = answer.compared?.days.map((day) => day[field]) ?? null
        return countLine(
          name,
          color,
          answer.days.map((day) => day[field]),
          before,
        )
      }),
    [answer],
  )
  return (
    <SpanChart
      {...{ places, lines, compact }}
      chart="line"
      summary={stickinessSummary(question, answer)}
      onPick={
        onPoint &&
        ((line, day, isBefore) => {
          const window = windows[line.series ?? 0]
          const when = isBefore ? places[day]?.before : places[day]?.long
          if (!window) return
          const label = `Active ${window.name.toLowerCase()}, ${when ?? ''}`
          const at = { day, n_days: window.n_days }
          onPoint(pickedHabit(answer, { habits: habitsOf(answer, null), at, label, isBefore }))
        })
      }
    />
  )
}
