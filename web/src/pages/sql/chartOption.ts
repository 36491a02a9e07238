// How is an answer of SQL drawn by ECharts?
import type { EChartsCoreOption } from 'echarts/core'
import type { ChartTokens } from '@/kit/chart/tokens'
import { countShort, measure } from '@/kit/number'
import { timeText } from './cells'
import type { Drawing, Drawn } from './series'

const written = (value: number) => (Number.isInteger(value) ? countShort(value) : measure(value))

export function chartOption(data: Drawn, as: Drawing, tokens: ChartTokens): EChartsCoreOption {
  const text = { color: tokens.ink2, fontFamily: tokens.font, fontSize: 12 }
  const below = {
    axisLabel: { ...text, hideOverlap: true },
    axisLine: { lineStyle: { color: tokens.line } },
    axisTick: { show: false },
    splitLine: { show: false },
  }
  return {
    useUTC: true,
    animation: false,
    color: tokens.series,
    grid: { left: 8, right: 24, top: 12, bottom: 8, containLabel: true },
    tooltip: {
      trigger: 'axis',
      backgroundColor: tokens.raised,
      borderColor: tokens.line,
      textStyle: { ...text, color: tokens.ink },
      axisPointer: { type: as === 'bar' ? 'shadow' : 'line' },
      formatter: (marks: { dataIndex: number }[]) => readOut(data, marks[0]?.dataIndex ?? 0),
    },
    xAxis: data.times
      ? { type: 'time', ...below }
      : { type: 'category', data: data.labels, boundaryGap: as === 'bar', ...below },
    yAxis: {
      type: 'value',
      axisLabel: { ...text, formatter: written },
      splitLine: { lineStyle: { color: tokens.line } },
    },
    series: data.series.map(({ name, values }) => ({
      name,
      type: as,
      data: data.times ? values.map((value, i) => [data.times![i], value]) : values,
      barMaxWidth: 40,
      showSymbol: values.length <= 60,
      symbolSize: 5,
      lineStyle: { width: 2 },
    })),
  }
}

/** What a hover says. An element, so that text out of the data stays text. */
function readOut({ labels, times, series }: Drawn, at: number): HTMLElement {
  const box = document.createElement('div')
  const head = document.createElement('strong')
  head.textContent = times ? timeText(new Date(times[at]!).toISOString()) : (labels[at] ?? '')
  box.append(head)
  for (const { name, values } of series) {
    const line = document.createElement('div')
    line.textContent = `${name}: ${values[at] ?? 'null'}`
    box.append(line)
  }
  return box
}

/** The picture in a sentence. */
export function summaryOf({ series, labels, n_rows }: Drawn, along: string): string {
  const names = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null)
    if (known.length === 0) return `${name} without a value`
    const [low, high] = [Math.min(...known), Math.max(...known)]
    return `${name} between ${written(low)} and ${written(high)}`
  })
  const ends = n_rows > 1 ? `, from ${labels[0]} to ${labels.at(-1)}` : ''
  return `${names.join(', ')} along ${along}${ends}.`
}
