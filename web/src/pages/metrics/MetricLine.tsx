// What does a metric come to, in one line?
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { metricAnswerQuery } from '@/api/metricQueries'
import type { Metric } from '@/api/metricTypes'
import { described, Skeleton, Sparkline } from '@/kit'
import { periodWords } from '../boards/periods'
import { Change } from './Change'
import { firstFrame } from './frames'
import classes from './metrics.module.css'
import { readingOf } from './reading'
import { Said } from './Said'
import { figure } from './words'

export function MetricLine({ metric }: { metric: Metric }) {
  return (
    <li className={classes.line}>
      <Link to="/ask/metrics/$key" params={{ key: metric.key }} className={classes.lineLink}>
        <span className={classes.name}>{metric.name}</span>
        <span className={classes.note}>
          <Said words={metric.note || metric.words} />
        </span>
      </Link>
      {metric.is_archived ? (
        <span className={classes.wide}>still on the boards that show it</span>
      ) : (
        <Numbers metric={metric} />
      )}
    </li>
  )
}

function Numbers({ metric }: { metric: Metric }) {
  const frame = firstFrame(metric)
  const told = useQuery(metricAnswerQuery(metric.key, frame))
  if (told.isPending) {
    return (
      <span className={classes.wide}>
        <Skeleton height={24} />
      </span>
    )
  }
  if (told.isError) {
    return (
      <span className={classes.wide} role="alert">
        {described(told.error).message}
      </span>
    )
  }
  const { now, before, points, absent, of } = readingOf(told.data)
  const when = of === 'whole' ? periodWords(frame.period) : `last whole ${frame.grain}`
  return (
    <>
      <Sparkline
        values={points.map((point) => Math.max(0, point))}
        width={120}
        height={28}
        summary={`${metric.name} by ${frame.grain}, ${periodWords(frame.period)}`}
      />
      <span className={classes.value}>
        {now === null ? (
          <span className="muted">{absent ?? 'No number yet'}</span>
        ) : (
          figure(metric.unit, now)
        )}
        <span className={classes.when}>{when}</span>
      </span>
      <Change metric={metric} now={now} before={before} />
    </>
  )
}
