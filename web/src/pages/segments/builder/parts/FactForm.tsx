// What must hold of something that is known of a customer?
import { Button } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { FactOp } from '@/api/definitionTypes'
import { Typed } from '@/pages/ask/sentence/Typed'
import sentence from '@/pages/ask/sentence/sentence.module.css'
import { factOpWords, isDateOp } from '../words'
import { DateFields, firstDate, isDateReady } from './DateFields'
import { VersionFields } from './VersionFields'
import { Ways } from './Ways'

export type FactKind = 'text' | 'number' | 'date' | 'version' | 'list'

interface FactFormProps {
  /** What is compared. */
  words: string
  /** As what it is read at first. */
  kind: FactKind
  /** A list is only ever a list, a number of orders a number. */
  kinds: FactKind[]
  given: FactOp | undefined
  /** Offers the values that were seen. */
  values: (chosen: string[], onDone: (values: string[]) => void) => ReactNode
  onDone: (op: FactOp) => void
}

const kindWords: Record<FactKind, string> = {
  text: 'as text',
  number: 'as a number',
  date: 'as a date',
  version: 'as a version',
  list: 'as a list',
}

const opsOf: Record<FactKind, FactOp['op'][]> = {
  text: ['is', 'is_not', 'contains', 'starts_with', 'ends_with', 'exists', 'missing'],
  number: ['equal', 'less', 'at_most', 'more', 'at_least', 'exists', 'missing'],
  date: [
    'in_last',
    'in_next',
    'more_than_ago',
    'more_than_ahead',
    'before',
    'after',
    'on',
    'yearly_in_next',
    'yearly_in_last',
    'exists',
    'missing',
  ],
  version: ['version', 'exists', 'missing'],
  list: ['has', 'exists', 'missing'],
}

const firstOp: Record<FactKind, FactOp['op']> = {
  text: 'is',
  number: 'at_least',
  date: 'in_last',
  version: 'version',
  list: 'has',
}

function kindOf(op: FactOp['op'] | undefined, kinds: FactKind[]): FactKind | undefined {
  return op && kinds.find((kind) => opsOf[kind].includes(op))
}

export function FactForm({ words, kind: usual, kinds, given, values, onDone }: FactFormProps) {
  const ordered = [usual, ...kinds.filter((one) => one !== usual)]
  const [kind, setKind] = useState(kindOf(given?.op, ordered) ?? usual)
  const [op, setOp] = useState<FactOp['op']>(given?.op ?? firstOp[kind])
  const box = useRef<HTMLDivElement>(null)
  // The list from which this was chosen went away with the focus on it.
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('input, form button')
    first?.focus({ preventScroll: true })
  }, [])
  return (
    <div className={sentence.testForm} ref={box}>
      <p className={sentence.testField}>{words}</p>
      {kinds.length > 1 && (
        <Ways
          label="As what it is read"
          ways={kinds.map((key) => ({ key, words: kindWords[key] }))}
          chosen={kind}
          onChoose={(next) => {
            setKind(next)
            setOp(firstOp[next])
          }}
        />
      )}
      <Ways
        label="How it is compared"
        ways={opsOf[kind].map((key) => ({ key, words: factOpWords(key) }))}
        chosen={op}
        onChoose={setOp}
      />
      <What key={op} {...{ op, given, values, onDone }} />
    </div>
  )
}

interface WhatProps extends Pick<FactFormProps, 'given' | 'values' | 'onDone'> {
  op: FactOp['op']
}

function What({ op, given, values, onDone }: WhatProps) {
  if (isDateOp(op)) {
    return <DateForm first={given?.op === op ? given : firstDate(op)} onDone={onDone} />
  }
  switch (op) {
    case 'is':
    case 'is_not':
    case 'has':
      return values(valuesIn(given), (values) => onDone({ op, values }))
    case 'contains':
    case 'starts_with':
    case 'ends_with':
      return <Typed label="Text" given={textIn(given)} onDone={(text) => onDone({ op, text })} />
    case 'exists':
    case 'missing':
      return (
        <Button variant="default" onClick={() => onDone({ op })}>
          {op === 'exists' ? 'Only where it is known' : 'Only where it is not known'}
        </Button>
      )
    case 'version':
      return <VersionFields given={given?.op === 'version' ? given : undefined} onDone={onDone} />
    default: {
      const done = (text: string) => onDone({ op, value: Number(text) })
      return <Typed label="Number" isNumber given={numberIn(given)} onDone={done} />
    }
  }
}

type Given = FactOp | undefined
const valuesIn = (given: Given) => (given && 'values' in given ? given.values : [])
const textIn = (given: Given) => (given && 'text' in given ? given.text : '')
const numberIn = (given: Given) => (given && 'value' in given ? String(given.value) : '')

function DateForm({ first, onDone }: { first: FactOp; onDone: (op: FactOp) => void }) {
  const [test, setTest] = useState(first)
  const isReady = isDateReady(test)
  return (
    <form
      className={sentence.typed}
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) onDone(test)
      }}
    >
      <DateFields test={test} onChange={setTest} />
      <Button type="submit" disabled={!isReady}>
        Take this
      </Button>
    </form>
  )
}
