// What is worth knowing along this axis? A flag at its day, its words on hover and focus.
import type { EChartsType } from 'echarts/core'
import { Icon } from '../../Icon'
import { markWords, type Mark } from '../marks'
import type { AxisPlace } from './option'
import classes from './marks.module.css'

export interface Flag {
  left: number
  /** Its words would leave the chart at the right. */
  isLate: boolean
  marks: Mark[]
}

/** Closer than this flags would cover each other: they become one. */
const APART = 26

/** Where the marks of an axis stand, from left to right. */
export function flagsAt(chart: EChartsType, places: AxisPlace[]): Flag[] {
  const flags: Flag[] = []
  const width = chart.getWidth()
  places.forEach(({ marks = [] }, at) => {
    if (marks.length === 0) return
    const [left] = chart.convertToPixel('grid', [at, 0]) as [number, number]
    const before = flags.at(-1)
    if (before && left - before.left < APART) before.marks = [...before.marks, ...marks]
    else flags.push({ left, isLate: left > width / 2, marks })
  })
  return flags
}

export function MarkFlags({ flags }: { flags: Flag[] }) {
  if (flags.length === 0) return null
  return (
    <ul className={classes.flags} aria-label="Worth knowing">
      {flags.map((flag) => (
        <li key={flag.left} style={{ left: flag.left }} data-late={flag.isLate || undefined}>
          <FlagOf marks={flag.marks} />
          <span className={classes.words} aria-hidden>
            {flag.marks.map((mark) => (
              <span key={mark.key}>{markWords(mark)}</span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  )
}

function FlagOf({ marks }: { marks: Mark[] }) {
  const label = marks.map(markWords).join('; ')
  const open = marks.find((mark) => mark.onOpen)?.onOpen
  if (open) {
    return (
      <button type="button" className={classes.flag} aria-label={label} onClick={open}>
        <Icon name="flag" size={12} />
      </button>
    )
  }
  return (
    <span className={classes.flag} role="img" tabIndex={0} aria-label={label}>
      <Icon name="flag" size={12} />
    </span>
  )
}
