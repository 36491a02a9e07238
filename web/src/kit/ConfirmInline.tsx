// Do you really want this? Asked in place, with the effect in numbers, not in a dialog.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import classes from './ConfirmInline.module.css'

interface ConfirmInlineProps {
  /** What the first button says: "Rotate the key…". */
  ask: string
  /** What happens then, in numbers where there are any. */
  effect: ReactNode
  /** What the second button says: "Rotate the key". */
  act: string
  onConfirm: () => void
  busy?: boolean
  danger?: boolean
}

export function ConfirmInline(props: ConfirmInlineProps) {
  const { ask, effect, act, onConfirm, busy = false, danger = true } = props
  const [asked, setAsked] = useState(false)

  if (!asked) {
    return (
      <Button variant="default" onClick={() => setAsked(true)} loading={busy}>
        {ask}
      </Button>
    )
  }
  return (
    <div className={classes.box} role="group" aria-label={act}>
      <div className={classes.effect}>{effect}</div>
      <div className={classes.buttons}>
        <Button
          className={danger ? classes.danger : undefined}
          autoFocus
          onClick={() => {
            onConfirm()
            setAsked(false)
          }}
        >
          {act}
        </Button>
        <Button variant="default" onClick={() => setAsked(false)}>
          Keep it as it is
        </Button>
      </div>
    </div>
  )
}
