// What does a metric come to, in its unit, and is that better than before?
import type { ToldMetric } from '@/api/metricQueries'
import { Change } from '../metrics/Change'
import { readingOf } from '../metrics/reading'
import { figure } from '../metrics/words'
import classes from './boards.module.css'

interface MetricNumberProps {
  metric: NonNullable<ToldMetric['metric']>
  told: ToldMetric['told']
}

export function MetricNumber({ metric, told }: MetricNumberProps) {
  if (told.insight !== 'trend') return null
  const { now, before, absent } = readingOf(told)
  return (
    <figure className={classes.number} data-insight="metric">
      <span className={classes.numberValue}>
        {now === null ? (absent ?? 'No number yet') : figure(metric.unit, now)}
      </span>
      <Change metric={metric} now={now} before={before} />
      {before !== null && <span className={classes.sub}>{figure(metric.unit, before)} before</span>}
    </figure>
  )
}
