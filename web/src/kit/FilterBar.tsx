// Which controls shape the list? A search field and choices; on a phone the choices fold away.
import { Button, CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState, type ReactNode } from 'react'
import classes from './FilterBar.module.css'
import { Icon } from './Icon'
import { useNarrow } from './useNarrow'

interface FilterBarProps {
  search: { label: string; placeholder: string; text: string; onText: (text?: string) => void }
  /** How many choices are made, for the button that hides them on a phone. */
  n_chosen?: number
  children?: ReactNode
  aside?: ReactNode
}

export function FilterBar({ search, n_chosen = 0, children, aside }: FilterBarProps) {
  const narrow = useNarrow()
  const [open, setOpen] = useState(false)
  const hides = narrow && children !== undefined
  return (
    <div className={classes.bar}>
      <SearchField {...search} />
      {hides && (
        <Button
          variant="default"
          leftSection={<Icon name="filter" size={14} />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          Filters{n_chosen > 0 && ` (${n_chosen})`}
        </Button>
      )}
      {(!hides || open) && <div className={classes.choices}>{children}</div>}
      {aside && <div className={classes.aside}>{aside}</div>}
    </div>
  )
}

const SETTLE_MS = 250

function SearchField({ label, placeholder, text, onText }: FilterBarProps['search']) {
  const [typed, setTyped] = useState(text)
  const [seen, setSeen] = useState(text)
  const settle = useDebouncedCallback((value: string) => onText(value || undefined), SETTLE_MS)

  // The address changed, and not by what was typed here: show what it says.
  if (text !== seen) {
    setSeen(text)
    if (text !== typed.trim()) setTyped(text)
  }

  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      className={classes.search}
      leftSection={<Icon name="search" size={14} />}
      rightSection={
        typed && (
          <CloseButton
            size="sm"
            aria-label="Clear the search"
            onClick={() => {
              setTyped('')
              onText(undefined)
            }}
          />
        )
      }
      data-page-search
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        settle(event.currentTarget.value.trim())
      }}
    />
  )
}
