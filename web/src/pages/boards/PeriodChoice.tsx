// Over which time is the whole board asked?
import { Button, Popover, Select, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import classes from './boards.module.css'
import { betweenText, offered, periodOf, periodWords } from './periods'

const OWN = 'own'
const EACH = 'each'
const each = { value: EACH, label: 'As each card says' }

interface PeriodChoiceProps {
  /** What the choice is of. */
  label: string
  /** What stands there while nothing is chosen: one of those offered, or as each card says. */
  usual?: string
  period?: string
  onPeriod: (period?: string) => void
}

export function PeriodChoice({ label, usual, period, onPeriod }: PeriodChoiceProps) {
  const [choosing, setChoosing] = useState(false)
  const chosen = periodOf(period)
  const known = offered.some(({ value }) => value === period)
  const here = !chosen ? (usual ?? EACH) : known ? period! : OWN
  const own = {
    value: OWN,
    label: here === OWN ? periodWords(chosen!) : 'From one day to another…',
  }
  return (
    <Popover opened={choosing} onChange={setChoosing} position="bottom-start" trapFocus>
      <Popover.Target>
        <Select
          aria-label={label}
          className={classes.period}
          data={[...(usual ? [] : [each]), ...offered, own]}
          value={here}
          onChange={(value) => {
            if (value === OWN) setChoosing(true)
            else onPeriod(value === EACH ? undefined : (value ?? undefined))
          }}
          onOptionSubmit={(value) => value === OWN && setChoosing(true)}
        />
      </Popover.Target>
      <Popover.Dropdown>
        <Days
          first={chosen?.kind === 'between' ? chosen.first : ''}
          last={chosen?.kind === 'between' ? chosen.last : ''}
          onDays={(first, last) => {
            setChoosing(false)
            onPeriod(betweenText(first, last))
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

interface DaysProps {
  first: string
  last: string
  onDays: (first: string, last: string) => void
}

function Days(props: DaysProps) {
  const [first, setFirst] = useState(props.first)
  const [last, setLast] = useState(props.last)
  const isOdd = first !== '' && last !== '' && periodOf(betweenText(first, last)) === null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    props.onDays(first, last)
  }
  return (
    <form onSubmit={submit} className={classes.days}>
      <TextInput
        type="date"
        label="First day"
        value={first}
        onChange={(event) => setFirst(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label="Last day"
        value={last}
        error={isOdd && 'It is before the first day'}
        onChange={(event) => setLast(event.currentTarget.value)}
      />
      <p className="muted small">Both days count.</p>
      <Button type="submit" disabled={isOdd || first === '' || last === ''}>
        Show these days
      </Button>
    </form>
  )
}
