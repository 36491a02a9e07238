// What may one do beside the main thing, without a button drawing the eye?
import type { ReactNode } from 'react'
import classes from './QuietButton.module.css'

interface QuietButtonProps {
  /** Says more than its words do, where several stand under each other. */
  label?: string
  onClick: () => void
  children: ReactNode
}

/** A button that reads like a link. */
export function QuietButton({ label, onClick, children }: QuietButtonProps) {
  return (
    <button type="button" className={classes.quiet} aria-label={label} onClick={onClick}>
      {children}
    </button>
  )
}
