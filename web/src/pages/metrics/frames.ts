// Over which time is a metric looked at, unless somebody says otherwise?
import { viewerClock } from '@/api/metricQueries'
import type { Period } from '@/api/insightTypes'
import type { Metric, MetricFrame } from '@/api/metricTypes'
import { grainFor } from '../boards/periods'

type Asked = Pick<Metric, 'definition'>

/** Thirty days beside the thirty before; habits and those who stay are seen by the week. */
export function firstFrame(metric: Asked): MetricFrame {
  return frameOver(metric, { kind: 'last', n: 30, grain: 'day', current: false })
}

/** A day that is not over yet is not held against one that is. */
const whole = (period: Period): Period =>
  period.kind === 'last' ? { ...period, current: false } : period

/** A stretch of time, cut so that it can be read, beside the stretch before where that goes. */
export function frameOver({ definition }: Asked, period: Period): MetricFrame {
  const grain = grainFor(period)
  const common = { clock: viewerClock, breakdown: null, version: null }
  if (definition.is === 'trend') {
    return { ...common, period: whole(period), grain, compare: 'previous' }
  }
  const isShort = grain === 'hour' || grain === 'day'
  return {
    ...common,
    compare: null,
    period: isShort ? { kind: 'last', n: 12, grain: 'week', current: false } : whole(period),
    grain: isShort ? 'week' : grain,
  }
}
