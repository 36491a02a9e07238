// How many, how much, how long ago?
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { NumberTest, Quantity } from '@/api/definitionTypes'
import { Part } from '@/pages/ask/sentence/Part'
import sentence from '@/pages/ask/sentence/sentence.module.css'
import { isValueMeasure, numberOpWords, numberWords } from '../words'
import { Ways } from './Ways'
import classes from '../builder.module.css'

interface NumberPartProps {
  measure: Quantity
  number: NumberTest
  /** "Do not have … even once." */
  denied?: boolean
  onChange: (number: NumberTest) => void
}

export function NumberPart({ measure, number, denied, onChange }: NumberPartProps) {
  const isOnce = measure.is === 'times' && number.op === 'at_least' && number.value === 1
  return (
    <Part
      words={isOnce && denied ? 'even once' : numberWords(measure, number)}
      label="Change how many"
      quiet={isOnce}
      width={300}
    >
      {(close) => {
        const done = (next: NumberTest) => {
          onChange(next)
          close()
        }
        return (
          <>
            {measure.is === 'times' && (
              <ul className={sentence.presets} aria-label="Usual numbers">
                {[1, 2, 3].map((value) => (
                  <li key={value}>
                    <button
                      type="button"
                      className={sentence.preset}
                      aria-pressed={number.op === 'at_least' && number.value === value}
                      onClick={() => done({ op: 'at_least', value })}
                    >
                      {numberWords(measure, { op: 'at_least', value })}
                    </button>
                  </li>
                ))}
              </ul>
            )}
            <NumberForm
              isWhole={!isValueMeasure(measure) || measure.is === 'distinct'}
              given={number}
              onDone={done}
            />
          </>
        )
      }}
    </Part>
  )
}

const ops: NumberTest['op'][] = [
  'at_least',
  'at_most',
  'more',
  'less',
  'equal',
  'not_equal',
  'between',
]
const ways = ops.map((key) => ({ key, words: numberOpWords(key) }))

interface NumberFormProps {
  isWhole: boolean
  given: NumberTest
  onDone: (number: NumberTest) => void
}

export function NumberForm({ isWhole, given, onDone }: NumberFormProps) {
  const [op, setOp] = useState(given.op)
  const [low, setLow] = useState(String(given.op === 'between' ? given.low : given.value))
  const [high, setHigh] = useState(given.op === 'between' ? String(given.high) : '')
  const [lowRead, highRead] = [low, high].map((text) => numberIn(text, isWhole))
  const isBetween = op === 'between'
  const isReady =
    typeof lowRead === 'number' &&
    (!isBetween || (typeof highRead === 'number' && highRead >= lowRead))
  const submit = () => {
    if (!isReady) return
    if (isBetween) onDone({ op, low: lowRead, high: highRead as number })
    else onDone({ op, value: lowRead })
  }
  return (
    <form
      className={classes.form}
      data-below
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Ways label="How it is compared" ways={ways} chosen={op} onChoose={setOp} />
      <div className={classes.pair}>
        <TextInput
          label={isBetween ? 'From' : 'Number'}
          inputMode="decimal"
          value={low}
          error={typeof lowRead === 'string' ? lowRead : undefined}
          onChange={(event) => setLow(event.currentTarget.value)}
          data-autofocus
        />
        {isBetween && (
          <TextInput
            label="To, included"
            inputMode="decimal"
            value={high}
            error={typeof highRead === 'string' ? highRead : undefined}
            onChange={(event) => setHigh(event.currentTarget.value)}
          />
        )}
      </div>
      <Button type="submit" disabled={!isReady}>
        Take this
      </Button>
    </form>
  )
}

/** The number that is typed, or what is wrong with it; nothing while nothing is typed. */
function numberIn(text: string, isWhole: boolean): number | string | undefined {
  if (text.trim() === '') return undefined
  const number = Number(text)
  if (!Number.isFinite(number)) return 'This is no number such as 12.5'
  if (isWhole && (!Number.isInteger(number) || number < 0)) return 'A whole number'
  return number
}
