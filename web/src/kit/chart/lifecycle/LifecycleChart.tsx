// Does the number of active customers grow because new ones come, or because old ones stay?
import { useMemo, useState } from 'react'
import type { LifecycleAnswer, LifecycleQuestion } from '@/api/insightTypes'
import { EChart } from '../EChart'
import { GroupTabs } from '../GroupTabs'
import { Legend } from '../Legend'
import { useChartTokens } from '../tokens'
import type { OnPoint } from '../types'
import { LifecycleGroups } from './LifecycleGroups'
import { barAt, lifecycleOption } from './option'
import { lifecycleSummary, livesOf, pickedState, states } from './words'
import classes from '../chart.module.css'

export interface LifecycleProps {
  question: LifecycleQuestion
  answer: LifecycleAnswer
  onPoint?: OnPoint
  compact?: boolean
}

export function LifecycleChart({ question, answer, onPoint, compact }: LifecycleProps) {
  const tokens = useChartTokens()
  const [chosen, setChosen] = useState<number | null>(null)
  const { groups } = answer
  const lives = useMemo(() => livesOf(answer, chosen), [answer, chosen])
  const option = useMemo(() => lifecycleOption(question, lives, tokens), [question, lives, tokens])
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
        <Legend
          entries={states.map(({ name, color }) => ({ name, color: tokens.series[color] ?? '' }))}
        />
        <EChart
          option={option}
          height={compact ? '100%' : 340}
          summary={lifecycleSummary(question, answer)}
          onMark={
            onPoint &&
            (({ seriesIndex = 0, dataIndex: span = 0 }) => {
              const bar = barAt(lives, seriesIndex)
              if (bar) onPoint(pickedState(question, answer, { lives, span, ...bar }))
            })
          }
        />
        {lives.before && !compact && (
          <p className={classes.aside}>The faint bars are the period before.</p>
        )}
      </div>
      {groups.length > 0 && !compact && <LifecycleGroups {...{ question, answer, onPoint }} />}
    </div>
  )
}
