// What was claimed, against what people found: a point for each range of probability.
import classes from './duplicates.module.css'
import { pointWords, type Point } from './reliability'

const SIZE = 260
const PAD = 34
const at = (share: number) => PAD + share * (SIZE - PAD - 14)
const up = (share: number) => SIZE - at(share)
const ticks = [0, 0.25, 0.5, 0.75, 1]

export function ReliabilityCurve({ points }: { points: Point[] }) {
  const line = points.map(({ claimed, found }) => `${at(claimed)},${up(found)}`).join(' ')
  return (
    <figure className={classes.curve}>
      <svg
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        role="img"
        aria-label="Claimed probability against the share that was one person. The list beside it has the same numbers."
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={classes.grid} x1={at(0)} x2={at(1)} y1={up(tick)} y2={up(tick)} />
            <text x={PAD - 6} y={up(tick) + 4} textAnchor="end">
              {tick * 100}
            </text>
            <text x={at(tick)} y={SIZE - PAD + 18} textAnchor="middle">
              {tick * 100}
            </text>
          </g>
        ))}
        <line className={classes.ideal} x1={at(0)} y1={up(0)} x2={at(1)} y2={up(1)} />
        {points.map((point) => (
          <line
            key={point.bin.from}
            className={classes.interval}
            x1={at(point.claimed)}
            x2={at(point.claimed)}
            y1={up(point.low)}
            y2={up(point.high)}
          />
        ))}
        <polyline className={classes.curveLine} points={line} />
        {points.map((point) => (
          <circle key={point.bin.from} cx={at(point.claimed)} cy={up(point.found)} r={4}>
            <title>{pointWords(point)}</title>
          </circle>
        ))}
      </svg>
      <figcaption>
        Across: what was claimed, in percent. Up: how many were the same person. On the dashed line
        the two agree; the bars say how far chance reaches (95 %).
      </figcaption>
    </figure>
  )
}
