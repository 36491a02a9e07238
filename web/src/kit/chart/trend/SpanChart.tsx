// How did numbers go from place to place of an axis? Lines or bars; a click chooses one of them.
import type { EChartsType } from 'echarts/core'
import { useMemo, useState } from 'react'
import { useNarrow } from '../../useNarrow'
import { EChart } from '../EChart'
import { Legend } from '../Legend'
import { useChartTokens, type ChartTokens } from '../tokens'
import { briefly, exactly } from '../words'
import type { DrawnLine } from './lines'
import { flagsAt, MarkFlags, type Flag } from './MarkFlags'
import {
  barOption,
  barsOf,
  colorOf,
  lineOption,
  roomForNames,
  type AxisPlace,
  type Drawing,
} from './option'
import classes from '../chart.module.css'

interface SpanChartProps {
  places: AxisPlace[]
  lines: DrawnLine[]
  chart: 'line' | 'bar'
  summary: string
  written?: Drawing['written']
  top?: number
  /** A click on a line or bar; on a faint one of the period before, where there is one. */
  onPick?: (line: DrawnLine, place: number, isBefore: boolean) => void
  compact?: boolean
}

const HEIGHT = 340
const plainly = { brief: briefly, exact: exactly }

export function SpanChart(props: SpanChartProps) {
  const { places, lines, chart, summary, written = plainly, top, onPick, compact } = props
  const tokens = useChartTokens()
  const narrow = useNarrow()
  const labelled = chart === 'line' && !narrow && !compact
  const [names, setNames] = useState<NameAt[]>([])
  const [flags, setFlags] = useState<Flag[]>([])
  const option = useMemo(() => {
    const drawing = { places, lines, tokens, labelled, written, top }
    return chart === 'line' ? lineOption(drawing) : barOption(drawing)
  }, [places, lines, tokens, labelled, written, top, chart])
  const entries = lines.map((line) => ({
    name: line.label,
    color: colorOf(line, tokens),
    dashed: line.color === null,
  }))
  return (
    <div className={classes.fill}>
      {lines.length > 1 && !labelled && <Legend entries={entries} />}
      <EChart
        option={option}
        height={compact ? '100%' : HEIGHT}
        summary={summary}
        onDrawn={(drawn) => {
          if (labelled && lines.length > 1) setNames(namesAt(drawn, lines, tokens))
          setFlags(flagsAt(drawn, places))
        }}
        onClick={
          onPick && chart === 'line'
            ? (drawn, at) => {
                const hit = nearest(drawn, lines, at)
                if (hit) onPick(hit.line, hit.span, hit.isBefore)
              }
            : undefined
        }
        onMark={
          onPick && chart === 'bar'
            ? ({ seriesIndex = 0, dataIndex = 0 }) => {
                const bar = barsOf(lines)[seriesIndex]
                if (bar) onPick(bar.line, dataIndex, bar.isBefore)
              }
            : undefined
        }
      >
        {labelled && <Names names={names} room={roomForNames(lines)} />}
        <MarkFlags flags={flags} />
      </EChart>
      {!compact && <AboutBefore lines={lines} chart={chart} />}
    </div>
  )
}

function AboutBefore({ lines, chart }: Pick<SpanChartProps, 'lines' | 'chart'>) {
  const shown =
    chart === 'line' ? lines : barsOf(lines).flatMap((bar) => (bar.isBefore ? lines : []))
  if (!shown.some((line) => line.before)) return null
  return (
    <p className={classes.aside}>
      The faint {chart}s are the time before with which it is compared.
    </p>
  )
}

interface NameAt {
  label: string
  color: string
  top: number
}

/** The names of lines at their ends. */
function Names({ names, room }: { names: NameAt[]; room: number }) {
  return (
    <ul className={classes.names} style={{ width: room - 8 }} aria-hidden>
      {names.map(({ label, color, top }) => (
        <li key={label} style={{ top }} title={label}>
          <span style={{ background: color }} />
          {label}
        </li>
      ))}
    </ul>
  )
}

const NAME_HEIGHT = 16

/** Beside the last point of each line, pushed apart where they would cover each other. */
function namesAt(chart: EChartsType, lines: DrawnLine[], tokens: ChartTokens): NameAt[] {
  const ends = lines.flatMap((line) => {
    const at = line.points.findLastIndex((point) => point.value !== null)
    const value = line.points[at]?.value
    if (value === null || value === undefined) return []
    const [, top] = chart.convertToPixel('grid', [at, value]) as [number, number]
    return [{ label: line.label, color: colorOf(line, tokens), top: top - NAME_HEIGHT / 2 }]
  })
  ends.sort((a, b) => a.top - b.top)
  const floor = chart.getHeight() - 30
  for (let at = ends.length - 1, below = floor; at >= 0; at -= 1) {
    const end = ends[at]
    if (!end) continue
    end.top = Math.min(end.top, below - NAME_HEIGHT)
    below = end.top
  }
  return ends
}

/** The line that passes nearest to a click, now or in the period before, and where it does. */
function nearest(chart: EChartsType, lines: DrawnLine[], { x, y }: { x: number; y: number }) {
  if (!chart.containPixel('grid', [x, y])) return null
  const [place] = chart.convertFromPixel('grid', [x, y]) as [number, number]
  const span = Math.round(place)
  const far = lines.flatMap((line) => {
    return [line.points, line.before].flatMap((points, at) => {
      const value = points?.[span]?.value
      if (value === null || value === undefined) return []
      const [, height] = chart.convertToPixel('grid', [span, value]) as [number, number]
      return [{ line, span, isBefore: at === 1, distance: Math.abs(height - y) }]
    })
  })
  if (far.length === 0) return null
  return far.reduce((best, one) => (one.distance < best.distance ? one : best))
}
