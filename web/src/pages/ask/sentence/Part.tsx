// What is a part of a sentence that can be changed? A word that opens a small chooser.
import { Popover } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import classes from './sentence.module.css'

interface PartProps {
  /** What is chosen, in the words of the sentence. */
  words: string
  /** What a click changes: "Change the first event". */
  label: string
  /** Nothing was chosen yet, and something must be. */
  open?: boolean
  /** A part that adds something: quieter than what is said already. */
  quiet?: boolean
  /** The chooser is open from the start. */
  startsOpen?: boolean
  width?: number
  /** The comma or full stop that belongs to it: it never begins a line. */
  after?: string
  children: (close: () => void) => ReactNode
}

export function Part({
  words,
  label,
  open,
  quiet,
  startsOpen = false,
  width,
  after,
  children,
}: PartProps) {
  const [shown, setShown] = useState(startsOpen)
  const close = () => setShown(false)
  const end = after === '.' && words.endsWith('…') ? null : after
  return (
    <span className={classes.held}>
      <Popover
        opened={shown}
        onChange={setShown}
        position="bottom-start"
        width={width ?? 320}
        trapFocus
        returnFocus
        withRoles={false}
        middlewares={{ shift: { padding: 8 }, flip: true, size: { padding: 8 } }}
      >
        <Popover.Target>
          <button
            type="button"
            className={classes.part}
            data-open={open || undefined}
            data-quiet={quiet || undefined}
            aria-haspopup="dialog"
            aria-expanded={shown}
            aria-label={`${words} – ${label}`}
            onClick={() => setShown(!shown)}
          >
            {words}
          </button>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown} role="dialog" aria-label={label}>
          {children(close)}
        </Popover.Dropdown>
      </Popover>
      {end && (
        <span className={classes.after} data-quiet={quiet || undefined}>
          {end}
        </span>
      )}
    </span>
  )
}
