// What must hold for a property? Values that were seen are offered.
import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { seenPropertiesQuery, seenValuesQuery } from '@/api/catalogueQueries'
import type { EventField, EventTest } from '@/api/insightTypes'
import { fieldWords, opWords } from '@/kit/chart/words'
import { countShort } from '@/kit/number'
import { Chooser } from './Chooser'
import classes from './sentence.module.css'

interface TestFormProps {
  event: string | undefined
  field: EventField
  test?: EventTest
  onDone: (test: EventTest) => void
}

type Op = EventTest['op']

const forTexts: Op[] = ['is', 'is_not', 'contains', 'starts_with', 'exists', 'missing']
const forNumbers: Op[] = ['equal', 'less', 'at_most', 'more', 'at_least', 'exists', 'missing']

export function TestForm({ event, field, test, onDone }: TestFormProps) {
  const seen = useQuery(seenPropertiesQuery(event))
  const isNumber = seen.data?.properties.some(
    (one) => 'path' in field && one.path === field.path && one.types.includes('number'),
  )
  const ops = isNumber ? [...forNumbers, ...forTexts.slice(0, 2)] : forTexts
  const [op, setOp] = useState<Op>(test?.op ?? (isNumber ? 'at_least' : 'is'))
  const done = (rest: object) =>
    onDone({ field, view: test?.view ?? 'whole', op, ...rest } as EventTest)
  const box = useRef<HTMLDivElement>(null)
  // The list of properties went away with the focus on it.
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('input, form button')
    first?.focus({ preventScroll: true })
  }, [])
  return (
    <div className={classes.testForm} ref={box}>
      <p className={classes.testField}>{fieldWords(field)}</p>
      <div className={classes.ops} role="group" aria-label="How it is compared">
        {ops.map((one) => (
          <button key={one} type="button" aria-pressed={one === op} onClick={() => setOp(one)}>
            {opWords(one)}
          </button>
        ))}
      </div>
      <What key={op} {...{ event, field, test, op }} onDone={done} />
    </div>
  )
}

interface WhatProps {
  event: string | undefined
  field: EventField
  test: EventTest | undefined
  op: Op
  onDone: (rest: object) => void
}

/** With what it is compared: values that were seen, a text, a number, or nothing. */
function What({ event, field, test, op, onDone }: WhatProps) {
  switch (op) {
    case 'is':
    case 'is_not': {
      const chosen = test && 'values' in test ? test.values : []
      return <Values {...{ event, field, chosen }} onDone={(values) => onDone({ values })} />
    }
    case 'contains':
    case 'starts_with': {
      const given = test && 'text' in test ? test.text : ''
      return <Typed label="Text" given={given} onDone={(text) => onDone({ text })} />
    }
    case 'exists':
    case 'missing':
      return (
        <Button variant="default" onClick={() => onDone({})}>
          {op === 'exists' ? 'Only where it is given' : 'Only where it is not given'}
        </Button>
      )
    default: {
      const given = test && 'value' in test ? String(test.value) : ''
      const done = (text: string) => onDone({ value: Number(text) })
      return <Typed label="Number" isNumber given={given} onDone={done} />
    }
  }
}

/** Values are looked for once somebody stops typing. */
const SETTLE_MS = 200

interface ValuesProps {
  event: string | undefined
  field: EventField
  chosen: string[]
  onDone: (values: string[]) => void
}

function Values({ event, field, chosen, onDone }: ValuesProps) {
  const [values, setValues] = useState(chosen)
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, SETTLE_MS)
  const path = 'path' in field ? field.path : ''
  const seen = useQuery(seenValuesQuery({ event, of: field.of, path, q }))
  const offered = seen.data?.values ?? []
  const more = values.filter((value) => !offered.some((one) => one.value === value))
  return (
    <>
      <Chooser
        label="Which values"
        placeholder="Find or type a value"
        options={[
          ...more.map((value) => ({ key: value, label: value })),
          ...offered.map(({ value, n }) => ({
            key: value,
            label: value === '' ? '(empty)' : value,
            note: countShort(n),
          })),
        ]}
        chosen={values}
        busy={seen.isPending}
        nothing="No value was seen; type one."
        free={(typed) => `“${typed}”`}
        onTyped={setTyped}
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

interface TypedProps {
  label: string
  given: string
  isNumber?: boolean
  onDone: (text: string) => void
}

function Typed({ label, given, isNumber = false, onDone }: TypedProps) {
  const [text, setText] = useState(given)
  const isWrong = isNumber && text.trim() !== '' && !Number.isFinite(Number(text))
  const isReady = text.trim() !== '' && !isWrong
  return (
    <form
      className={classes.typed}
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) onDone(text.trim())
      }}
    >
      <TextInput
        label={label}
        inputMode={isNumber ? 'decimal' : undefined}
        value={text}
        error={isWrong ? 'This is no number such as 12.5' : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <Button type="submit" disabled={!isReady}>
        Take this
      </Button>
    </form>
  )
}
