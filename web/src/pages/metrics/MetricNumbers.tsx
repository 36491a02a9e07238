// What does the metric come to over this time: a number, how it changed, and its way there?
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { metricAnswerQuery, toldOf } from '@/api/metricQueries'
import type { Metric, MetricFrame } from '@/api/metricTypes'
import { ErrorState, QuietButton, RelativeTime, Skeleton } from '@/kit'
import { AnswerView, csvOf, saveFile } from '@/kit/chart'
import { counted } from '@/kit/number'
import { fileName } from '../boards/fileName'
import { periodWords } from '../boards/periods'
import { NotesButton } from '../notes/NotesAround'
import { Change } from './Change'
import { ExplainMetric } from './ExplainMetric'
import classes from './metrics.module.css'
import { readingOf } from './reading'
import { figure } from './words'

interface MetricNumbersProps {
  metric: Metric
  frame: MetricFrame
}

export function MetricNumbers({ metric, frame }: MetricNumbersProps) {
  const told = useQuery(metricAnswerQuery(metric.key, frame))
  const [explaining, setExplaining] = useState(false)
  if (told.isError && !told.data) {
    return (
      <ErrorState
        what="The metric could not be computed"
        error={told.error}
        onRetry={() => void told.refetch()}
      />
    )
  }
  if (!told.data) return <Skeleton height={420} />
  const { unit } = told.data.metric
  const { now, before, absent, of } = readingOf(told.data)
  const { explained } = told.data.answer
  const { asked, told: answer } = toldOf(told.data, frame)
  const when = of === 'whole' ? periodWords(frame.period) : `last whole ${frame.grain}`
  const earlier = of === 'whole' ? 'in the period before' : `in the ${frame.grain} before`
  const saveCsv = () =>
    saveFile(fileName(metric.name, explained.answered_at, 'csv'), csvOf(asked, answer), 'text/csv')
  return (
    <div className={classes.numbers} aria-busy={told.isFetching || undefined}>
      <div className={classes.head}>
        <div>
          <div className={classes.when}>{when}</div>
          <div className={classes.big}>
            {now === null ? (absent ?? 'No number yet') : figure(unit, now)}
          </div>
        </div>
        <div className={classes.against}>
          <Change metric={{ ...metric, unit }} now={now} before={before} />
          {before !== null && (
            <span className="muted">
              {figure(unit, before)} {earlier}
            </span>
          )}
        </div>
      </div>
      <div className={classes.chart}>
        <AnswerView question={asked} answer={answer} look={{ chart: 'line' }} compact />
      </div>
      <p className={classes.basis}>
        <span>
          Asked <RelativeTime at={explained.answered_at} /> over{' '}
          {counted(explained.n_events, 'event')} of {counted(explained.n_customers, 'customer')}.
          {explained.left_out.map((words) => ` ${words}`)}
        </span>
        <QuietButton onClick={saveCsv}>Download the numbers (CSV)</QuietButton>
        <QuietButton onClick={() => setExplaining(true)}>What it means, and its SQL</QuietButton>
        <NotesButton />
      </p>
      <ExplainMetric
        metric={told.data.metric}
        told={answer}
        opened={explaining}
        onClose={() => setExplaining(false)}
      />
    </div>
  )
}
