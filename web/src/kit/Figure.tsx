// What is this number, how sure is it, and what stands behind it?
import { useState, type ReactNode } from 'react'
import { ExplainDrawer, type Explanation } from './ExplainDrawer'
import classes from './Figure.module.css'

interface FigureProps {
  /** The name of the number: "Events, last 24 hours". */
  label: string
  /** Null when there is no answer; then `absent` says why. */
  value: string | null
  unit?: string
  /** The unrounded value, for the drawer and for copying. */
  exact?: string
  interval?: string
  absent?: string
  note?: ReactNode
  explain: Explanation
}

export function Figure(props: FigureProps) {
  const [open, setOpen] = useState(false)
  const { label, value, unit, note, absent } = props
  return (
    <div className={classes.figure}>
      <button
        type="button"
        className={classes.button}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <span className={classes.label}>{label}</span>
        {value === null ? (
          <span className={classes.absent}>{absent ?? 'Not known'}</span>
        ) : (
          <span className={classes.value}>
            {value}
            {unit && <span className={classes.unit}>{unit}</span>}
          </span>
        )}
      </button>
      {props.interval && <div className={classes.note}>{props.interval}</div>}
      {note && <div className={classes.note}>{note}</div>}
      <ExplainDrawer
        opened={open}
        onClose={() => setOpen(false)}
        label={label}
        value={value === null ? (absent ?? 'Not known') : `${props.exact ?? value} ${unit ?? ''}`}
        explanation={props.explain}
      />
    </div>
  )
}

/** Figures side by side, separated by air. */
export function FigureRow({ children }: { children: ReactNode }) {
  return <div className={classes.row}>{children}</div>
}
