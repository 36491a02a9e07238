// Does the number of active customers grow because new ones come, or because old ones stay?
import type { EChartsCoreOption } from 'echarts/core'
import { useMemo } from 'react'
import type { LifecycleAnswer, LifecycleQuestion, LifecycleState } from '@/api/insightTypes'
import { countExact } from '../../number'
import { EChart } from '../EChart'
import { Legend } from '../Legend'
import { spanLong, spanShort } from '../spanNames'
import { NumberCell, ScrollTable } from '../Table'
import { useChartTokens, type ChartTokens } from '../tokens'
import type { OnPoint } from '../types'
import { briefly, percent } from '../words'
import classes from '../chart.module.css'

interface LifecycleProps {
  question: LifecycleQuestion
  answer: LifecycleAnswer
  onPoint?: OnPoint
  compact?: boolean
}

type Span = LifecycleAnswer['spans'][number]

const states: { key: LifecycleState; name: string; n: (span: Span) => number; color: number }[] = [
  { key: 'returning', name: 'Returning', n: (span) => span.n_returning, color: 0 },
  { key: 'resurrecting', name: 'Back after a break', n: (span) => span.n_resurrecting, color: 2 },
  { key: 'new', name: 'New', n: (span) => span.n_new, color: 4 },
  { key: 'dormant', name: 'Gone quiet', n: (span) => span.n_dormant, color: 1 },
]

export function lifecycleSummary(question: LifecycleQuestion, answer: LifecycleAnswer): string {
  const last = answer.spans.filter((span) => span.is_whole).at(-1)
  if (!last) return 'No whole span lies in this period yet.'
  const zone = question.clock?.time_zone ?? 'UTC'
  const kept =
    last.kept.value === null
      ? ''
      : ` Of those active right before, ${percent(last.kept.value)} were active again.`
  return `In ${spanLong(last, question.grain, zone)} ${countExact(last.n_active)} customers were active: ${countExact(last.n_returning)} returning, ${countExact(last.n_resurrecting)} back after a break, ${countExact(last.n_new)} new; ${countExact(last.n_dormant)} went quiet.${kept}`
}

function picked(question: LifecycleQuestion, answer: LifecycleAnswer, span: number, at: number) {
  const state = states[at]
  const begin = answer.spans[span]
  const zone = question.clock?.time_zone ?? 'UTC'
  return {
    place: { insight: 'lifecycle' as const, at: { span, state: state?.key ?? 'new' } },
    label: `${state?.name}, ${begin ? spanLong(begin, question.grain, zone) : ''}`,
  }
}

export function LifecycleChart({ question, answer, onPoint, compact }: LifecycleProps) {
  const tokens = useChartTokens()
  const option = useMemo(() => optionOf(question, answer, tokens), [question, answer, tokens])
  return (
    <div className={classes.fill}>
      <Legend
        entries={states.map(({ name, color }) => ({ name, color: tokens.series[color] ?? '' }))}
      />
      <EChart
        option={option}
        height={compact ? '100%' : 340}
        summary={lifecycleSummary(question, answer)}
        onMark={
          onPoint &&
          (({ seriesIndex = 0, dataIndex = 0 }) =>
            onPoint(picked(question, answer, dataIndex, seriesIndex)))
        }
      />
    </div>
  )
}

function optionOf(
  question: LifecycleQuestion,
  answer: LifecycleAnswer,
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
      data: answer.spans.map((span) => spanShort(span, question.grain, zone)),
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
    series: states.map(({ key, name, n, color }) => ({
      type: 'bar',
      name,
      stack: 'states',
      barMaxWidth: 48,
      barCategoryGap: '24%',
      animation: false,
      emphasis: { disabled: true },
      itemStyle: { color: tokens.series[color] },
      data: answer.spans.map((span) => ({
        value: key === 'dormant' ? -n(span) : n(span),
        itemStyle: span.is_whole ? {} : { opacity: 0.5 },
      })),
    })),
  }
}

export function LifecycleTable({ question, answer, onPoint }: LifecycleProps) {
  const zone = question.clock?.time_zone ?? 'UTC'
  return (
    <ScrollTable label="The states in numbers">
      <thead>
        <tr>
          <th scope="col">Time</th>
          {['Active', ...states.map(({ name }) => name), 'Kept'].map((name) => (
            <th key={name} scope="col" data-align="end">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.spans.map((span, at) => (
          <tr key={span.begin}>
            <th scope="row">
              {spanLong(span, question.grain, zone)}
              {!span.is_whole && <span className="muted"> (in part)</span>}
            </th>
            <NumberCell value={countExact(span.n_active)} />
            {states.map(({ key, n }, state) => (
              <NumberCell
                key={key}
                value={countExact(n(span))}
                onOpen={
                  onPoint && n(span) > 0
                    ? () => onPoint(picked(question, answer, at, state))
                    : undefined
                }
              />
            ))}
            <NumberCell
              value={span.kept.value === null ? '–' : percent(span.kept.value)}
              title={span.kept.not_estimable ?? undefined}
            />
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  )
}
