// Which of the values that were seen, or one that is typed?
import { Button } from '@mantine/core'
import { useState } from 'react'
import { Chooser } from './Chooser'

interface ValuesFormProps {
  offered: { value: string; note?: string }[]
  chosen: string[]
  busy: boolean
  onTyped?: (typed: string) => void
  onDone: (values: string[]) => void
}

export function ValuesForm({ offered, chosen, busy, onTyped, onDone }: ValuesFormProps) {
  const [values, setValues] = useState(chosen)
  const more = values.filter((value) => !offered.some((one) => one.value === value))
  return (
    <>
      <Chooser
        label="Which values"
        placeholder="Find or type a value"
        options={[
          ...more.map((value) => ({ key: value, label: value })),
          ...offered.map(({ value, note }) => ({
            key: value,
            label: value === '' ? '(empty)' : value,
            note,
          })),
        ]}
        chosen={values}
        busy={busy}
        nothing="No value was seen; type one."
        free={(typed) => `“${typed}”`}
        onTyped={onTyped}
        onChoose={(key) =>
          setValues(values.includes(key) ? values.filter((one) => one !== key) : [...values, key])
        }
      />
      <Button disabled={values.length === 0} onClick={() => onDone(values)}>
        {values.length > 1 ? `Take these ${values.length}` : 'Take this value'}
      </Button>
    </>
  )
}
