// What is on a card: the answer as a picture, or why there is none?
import type { UseQueryResult } from '@tanstack/react-query'
import type { CardLook } from '@/api/boardTypes'
import type { ToldMetric } from '@/api/metricQueries'
import { described, QuietButton, Skeleton } from '@/kit'
import { AnswerView, type OnPoint } from '@/kit/chart'
import classes from './boards.module.css'
import { MetricNumber } from './MetricNumber'

export type ToldCard = UseQueryResult<Pick<ToldMetric, 'asked' | 'told'> & Partial<ToldMetric>>

interface PictureProps {
  title: string
  told: ToldCard
  look: CardLook
  onPoint?: OnPoint
}

export function Picture({ title, told, look, onPoint }: PictureProps) {
  // A list of steps or rows may be longer than its card; a chart is never.
  const scrolls = isLong(look)
  return (
    <div
      className={classes.picture}
      aria-busy={told.isFetching || undefined}
      data-scrolls={scrolls || undefined}
      {...(scrolls && { tabIndex: 0, role: 'group', 'aria-label': `${title}, the answer` })}
    >
      <Content told={told} look={look} onPoint={onPoint} />
    </div>
  )
}

const long: CardLook['chart'][] = ['funnel', 'heat', 'number', 'table']

/** Looks that are as long as what they list. */
export const isLong = ({ chart }: CardLook) => long.includes(chart)

function Content({ told, look, onPoint }: Omit<PictureProps, 'title'>) {
  if (told.data) {
    const { asked, told: answer, metric } = told.data
    if (metric && look.chart === 'number') return <MetricNumber metric={metric} told={answer} />
    return <AnswerView question={asked} answer={answer} look={look} onPoint={onPoint} compact />
  }
  if (!told.isError) return <Skeleton height={72} />
  const { message, hint } = described(told.error)
  return (
    <div className={classes.failed} role="alert">
      <p>{message}</p>
      {hint && <p className="muted">{hint}</p>}
      <QuietButton onClick={() => void told.refetch()}>Try again</QuietButton>
    </div>
  )
}
