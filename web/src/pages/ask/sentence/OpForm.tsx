// How is something compared, and with what: values that were seen, a text, a number, or nothing?
import { Button } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { TestOp } from '@/api/insightTypes'
import { opWords } from '@/kit/chart/words'
import { Typed } from './Typed'
import classes from './sentence.module.css'

type Op = TestOp['op']

interface OpFormProps {
  /** What is compared. */
  words: string
  isNumber: boolean
  given: TestOp | undefined
  /** Offers the values that were seen. */
  values: (chosen: string[], onDone: (values: string[]) => void) => ReactNode
  onDone: (test: TestOp) => void
}

const forTexts: Op[] = ['is', 'is_not', 'contains', 'starts_with', 'exists', 'missing']
const forNumbers: Op[] = ['equal', 'less', 'at_most', 'more', 'at_least', 'exists', 'missing']

export function OpForm({ words, isNumber, given, values, onDone }: OpFormProps) {
  const ops = isNumber ? [...forNumbers, ...forTexts.slice(0, 2)] : forTexts
  // A question of the API may compare in ways that this form does not offer.
  const offered = given && ops.includes(given.op) ? given.op : undefined
  const [op, setOp] = useState<Op>(offered ?? (isNumber ? 'at_least' : 'is'))
  const done = (rest: object) => onDone({ op, ...rest } as TestOp)
  const box = useRef<HTMLDivElement>(null)
  // The list of properties went away with the focus on it.
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('input, form button')
    first?.focus({ preventScroll: true })
  }, [])
  return (
    <div className={classes.testForm} ref={box}>
      <p className={classes.testField}>{words}</p>
      <div className={classes.ops} role="group" aria-label="How it is compared">
        {ops.map((one) => (
          <button key={one} type="button" aria-pressed={one === op} onClick={() => setOp(one)}>
            {opWords(one)}
          </button>
        ))}
      </div>
      <What key={op} {...{ given, op, values }} onDone={done} />
    </div>
  )
}

interface WhatProps extends Pick<OpFormProps, 'given' | 'values'> {
  op: Op
  onDone: (rest: object) => void
}

function What({ given, op, values, onDone }: WhatProps) {
  switch (op) {
    case 'is':
    case 'is_not': {
      const chosen = given && 'values' in given ? given.values : []
      return values(chosen, (values) => onDone({ values }))
    }
    case 'contains':
    case 'starts_with': {
      const text = given && 'text' in given ? given.text : ''
      return <Typed label="Text" given={text} onDone={(text) => onDone({ text })} />
    }
    case 'exists':
    case 'missing':
      return (
        <Button variant="default" onClick={() => onDone({})}>
          {op === 'exists' ? 'Only where it is given' : 'Only where it is not given'}
        </Button>
      )
    default: {
      const number = given && 'value' in given ? String(given.value) : ''
      const done = (text: string) => onDone({ value: Number(text) })
      return <Typed label="Number" isNumber given={number} onDone={done} />
    }
  }
}
