// How many per period? Bars from a zero baseline; hover or arrow keys give exact values.
import { useId, useState, type KeyboardEvent } from 'react'
import { countShort } from './number'
import classes from './BarChart.module.css'

export interface Bar {
  label: string
  value: number
  /** A part of the whole that went wrong, drawn on top and named in the read-out. */
  bad?: number
  /** The period is still running: drawn dotted. */
  incomplete?: boolean
}

interface BarChartProps {
  bars: Bar[]
  /** "Events per day": the name of the chart. */
  title: string
  /** The chart in one sentence. */
  summary: string
  /** What a bar says when looked at. */
  describe: (bar: Bar) => string
  ticks: { at: number; label: string }[]
  height?: number
}

export function BarChart({ bars, title, summary, describe, ticks, height = 132 }: BarChartProps) {
  const [looked, setLooked] = useState<number | null>(null)
  const summaryId = useId()
  const top = niceTop(Math.max(1, ...bars.map((bar) => bar.value + (bar.bad ?? 0))))
  const current = looked === null ? undefined : bars[looked]

  const onKey = (event: KeyboardEvent) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!move) return
    event.preventDefault()
    setLooked((at) => Math.min(bars.length - 1, Math.max(0, (at ?? bars.length) + move)))
  }

  return (
    <figure className={classes.chart}>
      <figcaption className={classes.caption}>
        <span>{title}</span>
        <span className={classes.readout} aria-live="polite">
          {current ? describe(current) : summary}
        </span>
      </figcaption>
      <p id={summaryId} className="visually-hidden">
        {summary}
      </p>
      <div
        className={classes.plot}
        style={{ height }}
        role="group"
        tabIndex={0}
        aria-label={`${title}. Use the left and right arrow keys to read single bars.`}
        aria-describedby={summaryId}
        onKeyDown={onKey}
        onMouseLeave={() => setLooked(null)}
        onBlur={() => setLooked(null)}
      >
        <span className={classes.top}>{countShort(top)}</span>
        {bars.map((bar, i) => (
          <div
            key={i}
            className={classes.slot}
            data-looked={looked === i || undefined}
            onMouseEnter={() => setLooked(i)}
          >
            {bar.bad ? (
              <div className={classes.bad} style={{ height: `${(bar.bad / top) * 100}%` }} />
            ) : null}
            <div
              className={classes.bar}
              data-incomplete={bar.incomplete || undefined}
              style={{ height: `${(bar.value / top) * 100}%` }}
            />
          </div>
        ))}
      </div>
      <div className={classes.axis} aria-hidden>
        {ticks.map((tick) => (
          <span key={tick.at} style={{ insetInlineStart: `${(tick.at / bars.length) * 100}%` }}>
            {tick.label}
          </span>
        ))}
      </div>
    </figure>
  )
}

/** The next of 1, 2, 2.5, 5 × 10ⁿ above the largest bar, so that the top line has a round name. */
function niceTop(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(largest))
  return (
    [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].map((m) => m * power).find((t) => t >= largest) ?? largest
  )
}
