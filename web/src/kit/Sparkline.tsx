// How did a small series go? Bars from zero, and the same in one sentence.
import classes from './Sparkline.module.css'

interface SparklineProps {
  values: number[]
  /** The series in words, for those who do not see it. */
  summary: string
  width?: number
  height?: number
}

export function Sparkline({ values, summary, width = 96, height = 24 }: SparklineProps) {
  const top = Math.max(1, ...values)
  const step = width / Math.max(1, values.length)
  return (
    <svg
      className={classes.spark}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={summary}
    >
      {values.map((value, i) => {
        const tall = value === 0 ? 1 : Math.max(2, (value / top) * height)
        return (
          <rect
            key={i}
            x={i * step}
            y={height - tall}
            width={Math.max(1, step - 1.5)}
            height={tall}
            data-zero={value === 0 || undefined}
          />
        )
      })}
    </svg>
  )
}
