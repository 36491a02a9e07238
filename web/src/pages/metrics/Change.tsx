// Is it more or less than before, and is that good? A word and an arrow, colour only besides.
import type { Metric } from '@/api/metricTypes'
import { Icon, type IconName } from '@/kit'
import classes from './metrics.module.css'
import { changed, judged, type Verdict } from './words'

interface ChangeProps {
  metric: Pick<Metric, 'unit' | 'good'>
  now: number | null
  before: number | null
}

const words: Record<Verdict, string> = {
  better: 'Better',
  worse: 'Worse',
  same: 'No better, no worse',
  neither: '',
}

export function Change({ metric, now, before }: ChangeProps) {
  if (now === null || before === null) return <span className="muted">nothing to compare</span>
  const verdict = judged(metric.good, before, now)
  return (
    <span className={classes.change} data-verdict={verdict}>
      <Icon name={iconOf(before, now)} size={14} />
      {now !== before && words[verdict] && <strong>{words[verdict]}</strong>}
      <span>{changed(metric.unit, before, now)}</span>
    </span>
  )
}

function iconOf(before: number, now: number): IconName {
  if (now === before) return 'minus'
  return now > before ? 'trending-up' : 'trending-down'
}
