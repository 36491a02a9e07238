// On how many days of a week or month are customers active?
import { useMemo, useState } from 'react'
import type { StickinessAnswer, StickinessQuestion } from '@/api/insightTypes'
import { counted } from '../../number'
import { GroupTabs } from '../GroupTabs'
import { countLine } from '../lines'
import { spanLong } from '../spanNames'
import { SpanChart } from '../trend/SpanChart'
import type { OnPoint } from '../types'
import { StickinessGroups } from './StickinessGroups'
import { habitsOf, pickedHabit, shownSpan, stickinessSummary } from './words'
import classes from '../chart.module.css'

export interface StickinessProps {
  question: StickinessQuestion
  answer: StickinessAnswer
  onPoint?: OnPoint
  compact?: boolean
}

export function StickinessDays({ question, answer, onPoint, compact }: StickinessProps) {
  const [chosen, setChosen] = useState<number | null>(null)
  const { groups } = answer
  const habits = useMemo(() => habitsOf(answer, chosen), [answer, chosen])
  const span = shownSpan(answer)
  const then = habits.before?.spans[span]
  const zone = question.clock?.time_zone ?? 'UTC'
  const before = then && spanLong(then, question.grain, zone)
  const places = useMemo(() => {
    const n = answer.spans[span]?.n_by_days.length ?? 0
    return Array.from({ length: n }, (_, day) => {
      const name = counted(day + 1, 'day')
      return { short: name, long: `Active on ${name}`, isWhole: true, before }
    })
  }, [answer, span, before])
  const lines = useMemo(() => {
    const now = habits.now.spans[span]?.n_by_days ?? []
    return [countLine('Customers', 0, now, then?.n_by_days ?? null)]
  }, [habits, span, then])
  return (
    <div className={compact ? classes.fill : classes.stack}>
      <div className={classes.fill}>
        {groups.length > 0 && !compact && (
          <GroupTabs
            groups={groups.map(({ group }) => group)}
            chosen={chosen}
            onChoose={setChosen}
          />
        )}
        <SpanChart
          {...{ places, lines, compact }}
          chart="bar"
          summary={stickinessSummary(question, answer)}
          onPick={
            onPoint &&
            ((_, day, isBefore) => {
              const label = places[day]?.long ?? ''
              const at = { span, n_days: day + 1 }
              onPoint(pickedHabit(answer, { habits, at, label, isBefore }))
            })
          }
        />
        {!compact && <AboutSpan {...{ question, answer }} />}
      </div>
      {groups.length > 0 && !compact && <StickinessGroups {...{ question, answer }} />}
    </div>
  )
}

/** Which of the spans is drawn: one cannot see it in the bars. */
function AboutSpan({ question, answer }: Pick<StickinessProps, 'question' | 'answer'>) {
  const span = answer.spans[shownSpan(answer)]
  if (!span) return null
  const zone = question.clock?.time_zone ?? 'UTC'
  const others = answer.spans.length > 1 ? ` The other ${question.grain}s are in the table.` : ''
  return (
    <p className={classes.aside}>
      Drawn is {spanLong(span, question.grain, zone)}: each bar the customers who were active on so
      many days of it.{others}
    </p>
  )
}
