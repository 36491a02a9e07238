// How is a trend drawn: as lines or bars, with bands, dots and the period before?
import type { EChartsCoreOption } from 'echarts/core'
import type { TrendValue } from '@/api/insightTypes'
import type { Mark } from '../marks'
import type { ChartTokens } from '../tokens'
import type { DrawnLine } from './lines'
import { tooltipOf } from './tooltip'

/** A place on the axis: an hour, day, week…, or a column of another kind. */
export interface AxisPlace {
  short: string
  long: string
  isWhole: boolean
  /** What it is compared with: the day, week… of the period before. */
  before?: string
  /** What is worth knowing of it. */
  marks?: Mark[]
}

export interface Drawing {
  places: AxisPlace[]
  lines: DrawnLine[]
  /** How a value is written on the axis, and exactly. */
  written: { brief: (value: number) => string; exact: (value: number) => string }
  tokens: ChartTokens
  /** Where the axis ends, where that is known: 1 for shares. */
  top?: number
  /** Names stand at the ends of lines. */
  labelled: boolean
}

export const colorOf = (line: DrawnLine, tokens: ChartTokens) =>
  line.color === null ? tokens.rest : (tokens.series[line.color] ?? tokens.rest)

/** How much room names need at the right of their lines, in pixels. */
export function roomForNames(lines: DrawnLine[]): number {
  if (lines.length < 2) return 16
  const longest = Math.max(0, ...lines.map((line) => line.label.length))
  return Math.min(190, 24 + longest * 7)
}

export function lineOption(drawing: Drawing): EChartsCoreOption {
  const { lines, labelled } = drawing
  const right = labelled ? roomForNames(lines) : 16
  const bands = lines.length <= 2 ? lines.flatMap((line) => bandOf(drawing, line)) : []
  return {
    ...frame(drawing, right),
    series: [
      ...bands,
      ...lines.flatMap((line) => beforeOf(drawing, line)),
      ...lines.flatMap((line) => strokes(drawing, line)),
    ],
  }
}

const isStacked = (lines: DrawnLine[]) => lines.length > 1 && lines.every((line) => line.adds)

/** The series of a picture of bars: each line, before it its own of the period before. */
export function barsOf(lines: DrawnLine[]): { line: DrawnLine; isBefore: boolean }[] {
  return lines.flatMap((line) =>
    line.before && lines.length <= 2
      ? [
          { line, isBefore: true },
          { line, isBefore: false },
        ]
      : [{ line, isBefore: false }],
  )
}

export function barOption(drawing: Drawing): EChartsCoreOption {
  const { lines, tokens, places } = drawing
  const stacked = isStacked(lines)
  return {
    ...frame(drawing, 16),
    series: barsOf(lines).map(({ line, isBefore }) => ({
      type: 'bar',
      name: isBefore ? `${line.label}, before` : line.label,
      stack: stacked ? (isBefore ? 'before' : 'all') : undefined,
      barMaxWidth: 48,
      barCategoryGap: '24%',
      barGap: '8%',
      data: places.map((_, at) => ({
        value: (isBefore ? line.before : line.points)?.[at]?.value ?? null,
        itemStyle: isBefore || isWhole(places, at) ? {} : unfinished(colorOf(line, tokens)),
      })),
      itemStyle: {
        color: colorOf(line, tokens),
        opacity: isBefore ? 0.32 : 1,
        borderRadius: stacked ? 0 : [2, 2, 0, 0],
      },
      emphasis: { disabled: true },
      animation: false,
    })),
  }
}

const unfinished = (color: string) => ({
  opacity: 0.55,
  borderType: 'dotted' as const,
  borderWidth: 1.5,
  borderColor: color,
})

function frame(drawing: Drawing, right: number) {
  const { places, tokens } = drawing
  const text = { color: tokens.ink2, fontFamily: tokens.font, fontSize: 12 }
  return {
    animation: false,
    textStyle: { fontFamily: tokens.font },
    grid: { left: 8, right, top: 16, bottom: 4, containLabel: true },
    tooltip: tooltipOf(drawing),
    xAxis: {
      type: 'category',
      data: places.map((place) => place.short),
      axisLine: { lineStyle: { color: tokens.line } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, margin: 10 },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      max: drawing.top,
      interval: drawing.top === undefined ? undefined : drawing.top / 4,
      minInterval: drawing.lines.every((line) => line.counts) ? 1 : undefined,
      axisLabel: { ...text, formatter: drawing.written.brief },
      splitLine: { lineStyle: { color: tokens.line } },
    },
  }
}

const isWhole = (places: AxisPlace[], at: number) => places[at]?.isWhole ?? true

/** A line: solid where spans are whole, dotted where only a part of one is in the period. */
function strokes(drawing: Drawing, line: DrawnLine) {
  const { places, tokens } = drawing
  const values = line.points.map((point) => point.value)
  const dots = new Set<number>()
  values.forEach((_, at) => {
    if (isWhole(places, at)) return
    for (const near of [at - 1, at, at + 1]) dots.add(near)
  })
  const solid = values.map((value, at) => (isWhole(places, at) ? value : null))
  const dotted = values.map((value, at) => (dots.has(at) ? value : null))
  const style = {
    type: 'line',
    name: line.label,
    color: colorOf(line, tokens),
    symbol: 'circle',
    symbolSize: 5,
    showSymbol: values.length <= 31,
    animation: false,
    connectNulls: false,
    emphasis: { disabled: true },
    z: 3,
  }
  const width = line.color === null ? 1.5 : 2
  const kind = line.color === null ? 'dashed' : 'solid'
  return [
    {
      ...style,
      data: solid,
      lineStyle: { width, type: kind },
    },
    {
      ...style,
      data: dotted,
      lineStyle: { width, type: 'dotted', color: colorOf(line, tokens) },
      itemStyle: { color: tokens.paper, borderColor: colorOf(line, tokens), borderWidth: 1.5 },
    },
  ]
}

/** The period before, faint and under the line, each span above the one that it is compared to. */
function beforeOf({ tokens, places }: Drawing, line: DrawnLine) {
  if (!line.before) return []
  return [
    {
      type: 'line',
      name: `${line.label}, before`,
      color: colorOf(line, tokens),
      data: places.map((_, at) => line.before?.[at]?.value ?? null),
      lineStyle: { width: 1.5, opacity: 0.32 },
      showSymbol: false,
      animation: false,
      emphasis: { disabled: true },
      z: 2,
    },
  ]
}

/** The interval around a mean, as a band: a clear base with the width of the interval upon it. */
function bandOf({ tokens }: Drawing, line: DrawnLine) {
  const known = (point: TrendValue) => point.low !== null && point.high !== null
  if (!line.points.some(known)) return []
  const common = {
    type: 'line',
    stack: `band ${line.label}`,
    lineStyle: { opacity: 0 },
    symbol: 'none',
    silent: true,
    animation: false,
    stackStrategy: 'all',
    tooltip: { show: false },
    z: 1,
  }
  return [
    { ...common, data: line.points.map((point) => (known(point) ? point.low : null)) },
    {
      ...common,
      data: line.points.map((point) =>
        known(point) ? (point.high ?? 0) - (point.low ?? 0) : null,
      ),
      areaStyle: { color: colorOf(line, tokens), opacity: 0.16 },
    },
  ]
}
