// How is a lifecycle drawn: who is there above the line, who went quiet below it?
import type { EChartsCoreOption } from 'echarts/core'
import type { LifecycleQuestion, LifecycleSpan } from '@/api/insightTypes'
import { countExact } from '../../number'
import { spanShort } from '../spanNames'
import type { ChartTokens } from '../tokens'
import { briefly } from '../words'
import { states, type Lives } from './words'

/** Which state of which period is a series of the picture. */
export function barAt(lives: Lives, series: number) {
  const state = states[series % states.length]
  if (!state) return null
  return { state, isBefore: lives.before !== null && series < states.length }
}

export function lifecycleOption(
  question: LifecycleQuestion,
  lives: Lives,
  tokens: ChartTokens,
): EChartsCoreOption {
  const zone = question.clock?.time_zone ?? 'UTC'
  const text = { color: tokens.ink2, fontFamily: tokens.font, fontSize: 12 }
  return {
    animation: false,
    textStyle: { fontFamily: tokens.font },
    grid: { left: 8, right: 16, top: 16, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: tokens.raised,
      borderColor: tokens.line,
      textStyle: { color: tokens.ink, fontFamily: tokens.font, fontSize: 13 },
      valueFormatter: (value: number) => countExact(Math.abs(value)),
    },
    xAxis: {
      type: 'category',
      data: lives.spans.map((span) => spanShort(span, question.grain, zone)),
      axisLine: { onZero: true, lineStyle: { color: tokens.ink2 } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, margin: 10 },
      offset: 0,
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      minInterval: 1,
      axisLabel: { ...text, formatter: (value: number) => briefly(Math.abs(value)) },
      splitLine: { lineStyle: { color: tokens.line } },
    },
    series: [
      ...(lives.before ? bars(lives.before, tokens, true) : []),
      ...bars(lives.spans, tokens, false),
    ],
  }
}

function bars(spans: LifecycleSpan[], tokens: ChartTokens, isBefore: boolean) {
  return states.map(({ key, name, n, color }) => ({
    type: 'bar',
    name: isBefore ? `${name}, before` : name,
    stack: isBefore ? 'before' : 'now',
    barMaxWidth: 48,
    barCategoryGap: '24%',
    barGap: '8%',
    animation: false,
    emphasis: { disabled: true },
    itemStyle: { color: tokens.series[color], opacity: isBefore ? 0.32 : 1 },
    data: spans.map((span) => ({
      value: key === 'dormant' ? -n(span) : n(span),
      itemStyle: span.is_whole || isBefore ? {} : { opacity: 0.5 },
    })),
  }))
}
