// How does a date stand to today?
import { TextInput } from '@mantine/core'
import type { DateTest, FactOp } from '@/api/definitionTypes'
import { isDateOp } from '../words'
import { isLength, LengthFields } from './LengthForm'

export function firstDate(op: DateTest['op']): DateTest {
  switch (op) {
    case 'before':
    case 'after':
      return { op, at: '' }
    case 'on':
      return { op, day: '' }
    case 'yearly_in_next':
    case 'yearly_in_last':
      return { op, days: 7 }
    default:
      return { op, length: '7 days' }
  }
}

const DAYS_MAX = 366

export function isDateReady(test: FactOp): boolean {
  if (!isDateOp(test.op)) return false
  if ('length' in test) return isLength(test.length)
  if ('days' in test) return test.days >= 0 && test.days <= DAYS_MAX
  return 'at' in test ? test.at !== '' : 'day' in test && test.day !== ''
}

interface DateFieldsProps {
  test: FactOp
  onChange: (test: FactOp) => void
}

export function DateFields({ test, onChange }: DateFieldsProps) {
  if ('length' in test) {
    return (
      <LengthFields
        label="How long"
        length={test.length}
        onChange={(length) => onChange({ ...test, length })}
      />
    )
  }
  if ('days' in test) {
    return (
      <TextInput
        label="Days; 0 is today"
        inputMode="numeric"
        value={test.days}
        onChange={(event) =>
          onChange({ ...test, days: Math.trunc(Number(event.currentTarget.value)) || 0 })
        }
        data-autofocus
      />
    )
  }
  const day = 'at' in test ? test.at : 'day' in test ? test.day : ''
  return (
    <TextInput
      type="date"
      label="Day"
      value={day}
      onChange={(event) => {
        const next = event.currentTarget.value
        if ('at' in test) onChange({ ...test, at: next })
        else if ('day' in test) onChange({ ...test, day: next })
      }}
      data-autofocus
    />
  )
}
