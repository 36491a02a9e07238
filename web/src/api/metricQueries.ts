// What does the house mean by its numbers, and what do they come to?
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { viewerZone } from '@/kit/time'
import type { MetricAsk } from './boardTypes'
import { answer, api } from './client'
import type { Told } from './insightQueries'
import type { Clock, StoredQuestion, TrendAnswer } from './insightTypes'
import type { Metric, MetricChange, MetricDraft, MetricFrame } from './metricTypes'

export const metricsQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: () => answer(api.GET('/api/metrics')),
})

/** The metrics that nearly every house has, and which of them are there already. */
export const usualMetricsQuery = queryOptions({
  queryKey: ['metrics', 'usual'],
  queryFn: () => answer(api.GET('/api/metrics/usual')),
})

export const addUsualMetrics = (currency: string | null) =>
  answer(api.POST('/api/metrics/usual', { body: { currency } }))

const at = (key: string) => ({ params: { path: { key } } })

export const metricQuery = (key: string) =>
  queryOptions({
    queryKey: ['metrics', 'of', key],
    queryFn: () => answer(api.GET('/api/metrics/{key}', at(key))),
  })

export const metricVersionsQuery = (key: string) =>
  queryOptions({
    queryKey: ['metrics', 'of', key, 'versions'],
    queryFn: () => answer(api.GET('/api/metrics/{key}/versions', at(key))),
  })

export const createMetric = (body: MetricDraft) => answer(api.POST('/api/metrics', { body }))

export const putMetric = (key: string, body: MetricChange) =>
  answer(api.PUT('/api/metrics/{key}', { ...at(key), body }))

export const archiveMetric = (key: string) => answer(api.DELETE('/api/metrics/{key}', at(key)))

/** A question and its answer, with the metric that it is about, if it is about one. */
export interface ToldMetric extends Pick<Told, 'asked' | 'told'> {
  metric: Pick<Metric, 'unit' | 'good' | 'name' | 'words' | 'version'> | null
}

/** Days and weeks as whoever looks counts them. */
export const viewerClock: Clock = { time_zone: viewerZone, weeks_begin_on_sunday: false }

const numbers = (key: string, body: MetricFrame) =>
  answer(api.POST('/api/metrics/{key}/answer', { ...at(key), body }))

/** The numbers of a metric over a time. */
export const metricAnswerQuery = (key: string, frame: MetricFrame) =>
  queryOptions({
    queryKey: ['metric told', key, frame],
    queryFn: () => numbers(key, frame),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })

/** The same as a question and its answer, for whoever draws them. */
export const metricToldQuery = (ask: MetricAsk | null) =>
  queryOptions({
    queryKey: ['metric told', 'card', ask],
    queryFn: async (): Promise<ToldMetric> => {
      if (!ask) throw new Error('nothing is asked yet')
      const { metric, ...frame } = ask
      return toldOf(await numbers(metric, frame), frame)
    },
    enabled: ask !== null,
    staleTime: 30_000,
  })

interface Reply {
  metric: NonNullable<ToldMetric['metric']>
  answer: TrendAnswer
}

/** A metric reads like the formula of a trend: one line, with the metric's own name. */
export function toldOf({ metric, answer }: Reply, frame: MetricFrame): ToldMetric {
  const asOne = (lines: TrendAnswer['lines']) => lines.map((line) => ({ ...line, series: null }))
  const asked: StoredQuestion = {
    insight: 'trend',
    question: {
      clock: frame.clock,
      period: frame.period,
      grain: frame.grain,
      compare: frame.compare,
      series: [],
      formula: metric.name,
      breakdown: null,
    },
  }
  const told = {
    insight: 'trend' as const,
    answer: {
      ...answer,
      lines: asOne(answer.lines),
      compared: answer.compared && { ...answer.compared, lines: asOne(answer.compared.lines) },
    },
  }
  return { asked, told, metric }
}
