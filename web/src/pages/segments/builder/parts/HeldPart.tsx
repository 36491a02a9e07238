// Which products do they have, and how many?
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Fact, HeldBy } from '@/api/definitionTypes'
import { counted } from '@/kit/number'
import { PickPart } from '@/pages/ask/sentence/PickPart'
import { Part } from '@/pages/ask/sentence/Part'
import type { SpecialProps } from '../criteria/FactSentence'
import { fact as factWith } from '../starts'
import { quoted } from '../words'
import { Ways } from './Ways'
import classes from '../builder.module.css'

type Holding = Extract<Fact, { of: 'holding' }>

const heldWords: Record<HeldBy, string> = {
  category: 'of category',
  name: 'called',
  product: 'with the id',
}

const pieces = [1, 2, 3, 5, 10]
const atLeast = (n: number) => `at least ${counted(n, 'product')}`

export function HeldPart({ fact, criterion, denied, onChange }: SpecialProps<'holding'>) {
  const n = criterion.op === 'at_least' ? criterion.value : 1
  const set = (next: Holding, value: number) => onChange(factWith(next, { op: 'at_least', value }))
  return (
    <>
      {denied ? 'do not hold ' : 'hold '}
      <PickPart
        label="Change how many"
        words={n === 1 ? (denied ? 'any product' : 'a product') : atLeast(n)}
        choices={pieces.map((key) => ({ key, words: atLeast(key) }))}
        chosen={n}
        onChange={(value) => set(fact, value)}
      />{' '}
      <Part
        words={`${heldWords[fact.by]} ${quoted(fact.value)}`}
        label="Change which product"
        width={300}
      >
        {(close) => (
          <HeldForm
            given={fact}
            onDone={(next) => {
              set(next, n)
              close()
            }}
          />
        )}
      </Part>
    </>
  )
}

const ways = (Object.keys(heldWords) as HeldBy[]).map((key) => ({ key, words: heldWords[key] }))

interface HeldFormProps {
  given: Holding | null
  onDone: (fact: Holding) => void
}

export function HeldForm({ given, onDone }: HeldFormProps) {
  const [by, setBy] = useState<HeldBy>(given?.by ?? 'category')
  const [value, setValue] = useState(given?.value ?? '')
  const isReady = value.trim() !== ''
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) onDone({ of: 'holding', by, value: value.trim() })
      }}
    >
      <Ways label="How the product is named" ways={ways} chosen={by} onChoose={setBy} />
      <TextInput
        label={`Products ${heldWords[by]}`}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        data-autofocus
      />
      <Button type="submit" disabled={!isReady}>
        Take this
      </Button>
    </form>
  )
}
