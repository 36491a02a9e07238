// What would the numbers be: as the metric is now, and as it would be?
import { useQuery } from '@tanstack/react-query'
import { useDebouncedValue } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { insightQuery } from '@/api/insightQueries'
import { metricAnswerQuery, toldOf } from '@/api/metricQueries'
import type { Metric, MetricAnswer, MetricDraft } from '@/api/metricTypes'
import { described, Notice, Section, Skeleton } from '@/kit'
import { AnswerView } from '@/kit/chart'
import { viewerZone } from '@/kit/time'
import { periodWords } from '../boards/periods'
import { previewOf } from './draft'
import { firstFrame } from './frames'
import classes from './metrics.module.css'
import { readingOf } from './reading'
import { figure } from './words'

interface PreviewProps {
  /** The metric as it is; none while it is made. */
  metric?: Metric
  draft: MetricDraft
  isNew: boolean
}

const SETTLE_MS = 400

export function Preview({ metric, draft, isNew }: PreviewProps) {
  const period = periodWords(firstFrame(draft).period)
  return (
    <Section title="What the numbers are" aside={period}>
      <div className={classes.previews}>
        {metric && <Now metric={metric} />}
        {isNew && (
          <Then draft={draft} title={metric ? `Version ${metric.version + 1}` : 'So far'} />
        )}
      </div>
      {metric && !isNew && (
        <p className="muted small">
          Name, note, owner and what is good may change without a new version. As soon as something
          else is measured or counted, both versions stand here side by side.
        </p>
      )}
    </Section>
  )
}

function Now({ metric }: { metric: Metric }) {
  const frame = firstFrame(metric)
  const told = useQuery(metricAnswerQuery(metric.key, frame))
  const answer = told.data && toldOf(told.data, frame)
  return (
    <One
      title={`Version ${metric.version}, as it is`}
      words={metric.words}
      value={told.data && valueOf(told.data, metric)}
      error={told.error}
    >
      {answer && <AnswerView question={answer.asked} answer={answer.told} compact />}
    </One>
  )
}

function Then({ draft, title }: { draft: MetricDraft; title: string }) {
  const [settled] = useDebouncedValue(draft, SETTLE_MS)
  const question = previewOf(settled, firstFrame(settled), viewerZone)
  const told = useQuery(insightQuery(question))
  if (!question) {
    return (
      <Notice tone="info">
        Habits and those who come back are computed once the metric is saved; the version before
        stays and can be shown again at any time.
      </Notice>
    )
  }
  const data = told.data?.told.insight === 'trend' ? told.data : undefined
  const answer = data && ownLine(data.told.answer as MetricAnswer['answer'], settled)
  return (
    <One
      title={title}
      words={data?.told.answer.explained.words}
      value={answer && valueOf({ answer }, settled)}
      error={told.error}
    >
      {data && <AnswerView question={data.asked} answer={data.told} compact />}
    </One>
  )
}

/** With a formula the metric is the formula's line. */
function ownLine(answer: MetricAnswer['answer'], { definition }: MetricDraft) {
  const hasFormula = definition.is === 'trend' && Boolean(definition.formula?.trim())
  const lines = hasFormula ? answer.lines.filter(({ series }) => series === null) : answer.lines
  return { ...answer, lines }
}

function valueOf(told: Pick<MetricAnswer, 'answer'>, { unit }: Pick<Metric, 'unit'>): string {
  const whole = told.answer.lines[0]?.whole
  const { now, of } = readingOf(told)
  const value = of === 'whole' ? now : (whole?.value ?? now)
  return value === null ? (whole?.not_estimable ?? 'No number yet') : figure(unit, value)
}

interface OneProps {
  title: string
  words?: string
  value?: string
  error: unknown
  children: ReactNode
}

function One({ title, words, value, error, children }: OneProps) {
  return (
    <article className={classes.preview} aria-label={title}>
      <h3>{title}</h3>
      {error ? (
        <Notice tone="bad">{described(error).message}</Notice>
      ) : value === undefined ? (
        <Skeleton height={200} />
      ) : (
        <>
          <div className={classes.previewValue}>{value}</div>
          <p className="muted small">{words}</p>
          <div className={classes.previewChart}>{children}</div>
        </>
      )}
    </article>
  )
}
