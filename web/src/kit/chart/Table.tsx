// How do the numbers of a picture stand in a table?
import type { ReactNode } from 'react'
import classes from './chart.module.css'

/** A table that scrolls in itself when it is wider than the page. */
export function ScrollTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.scroll} role="region" aria-label={label} tabIndex={0}>
      <table className={classes.table}>{children}</table>
    </div>
  )
}

interface NumberCellProps {
  value: string
  /** An interval, or why there is no number. */
  title?: string
  /** Opens the customers behind it. */
  onOpen?: () => void
  muted?: boolean
}

export function NumberCell({ value, title, onOpen, muted }: NumberCellProps) {
  return (
    <td data-align="end" className={muted ? 'muted' : undefined} title={title}>
      {onOpen && value !== '–' ? (
        <button type="button" className={classes.cell} onClick={onOpen}>
          {value}
        </button>
      ) : (
        value
      )}
    </td>
  )
}
