// Which other customer is meant? Found by typing, chosen by arrows and Enter or by a click.
import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useId, useState, type KeyboardEvent } from 'react'
import { customerFindQuery } from '@/api/queries'
import type { CustomerRow } from '@/api/types'
import { described, Icon, RelativeTime } from '@/kit'
import { counted } from '@/kit/number'
import { customerName, customerSubtitle } from '../naming'
import classes from './decisions.module.css'

const SETTLE_MS = 150

interface CustomerPickerProps {
  /** The customer who is there already. */
  except: string
  /** What is asked, and what is said before anything is typed. */
  label?: string
  hint?: string
  onPick: (row: CustomerRow) => void
}

const LABEL = 'Who else is the same person?'
const HINT = 'What you choose is shown before and after; nothing is merged yet.'

export function CustomerPicker(props: CustomerPickerProps) {
  const { except, label = LABEL, hint = HINT, onPick } = props
  const [typed, setTyped] = useState('')
  const [wanted, setWanted] = useState(0)
  const [settled] = useDebouncedValue(typed.trim(), SETTLE_MS)
  const found = useQuery(customerFindQuery(settled))
  const id = useId()
  const rows = typed.trim() === '' ? [] : others(found.data?.items, except)
  const at = Math.min(wanted, rows.length - 1)

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && rows.length > 0) {
      event.preventDefault()
      setWanted((at + step + rows.length) % rows.length)
    } else if (event.key === 'Enter' && rows[at]) {
      event.preventDefault()
      onPick(rows[at])
    }
  }

  return (
    <div className={classes.picker} data-within-form={props.label !== undefined || undefined}>
      <TextInput
        label={label}
        placeholder="Name, e-mail, phone or any id"
        role="combobox"
        aria-expanded={rows.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={rows[at] ? `${id}-${at}` : undefined}
        leftSection={<Icon name="search" size={14} />}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setWanted(0)
          setTyped(event.currentTarget.value)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label="Customers found" className={classes.options}>
        {rows.map((row, i) => (
          <Option
            key={row.id}
            id={`${id}-${i}`}
            row={row}
            selected={i === at}
            onHover={() => setWanted(i)}
            onPick={() => onPick(row)}
          />
        ))}
      </ul>
      <p className={classes.hint} role="status">
        {typed.trim() === '' ? hint : hintOf(typed.trim(), settled, found, rows.length, except)}
      </p>
    </div>
  )
}

function others(rows: CustomerRow[] | undefined, except: string): CustomerRow[] {
  return rows?.filter((row) => row.id !== except) ?? []
}

interface Finding {
  isError: boolean
  error: unknown
  isFetching: boolean
}

function hintOf(typed: string, settled: string, found: Finding, n: number, except: string) {
  if (found.isError) return described(found.error).message
  if (found.isFetching || typed !== settled) return 'Searching…'
  return n === 0 ? `Nobody ${except ? 'else ' : ''}is called “${typed}”.` : ''
}

interface OptionProps {
  id: string
  row: CustomerRow
  selected: boolean
  onHover: () => void
  onPick: () => void
}

function Option({ id, row, selected, onHover, onPick }: OptionProps) {
  const detail = row.matched?.value ?? customerSubtitle(row)
  return (
    <li
      id={id}
      role="option"
      aria-selected={selected}
      className={classes.option}
      onMouseMove={onHover}
      onClick={onPick}
      ref={(element) => {
        if (selected) element?.scrollIntoView({ block: 'nearest' })
      }}
    >
      <Icon name={row.is_known ? 'user' : 'cookie'} size={16} />
      <span className={classes.optionName}>
        <bdi>{customerName(row)}</bdi>
        {detail && detail !== customerName(row) && (
          <span className={classes.optionDetail}>
            <bdi>{detail}</bdi>
          </span>
        )}
      </span>
      <span className={classes.optionEnd}>
        {counted(row.n_events, 'event')}, <RelativeTime at={row.last_seen} />
      </span>
    </li>
  )
}
