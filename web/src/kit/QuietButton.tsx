// What may one do beside the main thing, without a button drawing the eye?
import type { ReactNode } from 'react'
import classes from './QuietButton.module.css'

interface QuietButtonProps {
  onClick: () => void
  children: ReactNode
}

/** A button that reads like a link. */
export function QuietButton({ onClick, children }: QuietButtonProps) {
  return (
    <button type="button" className={classes.quiet} onClick={onClick}>
      {children}
    </button>
  )
}
