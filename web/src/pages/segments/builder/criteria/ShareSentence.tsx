// "are in a fixed random 10 % (spring)"
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Share } from '@/api/definitionTypes'
import { Part } from '@/pages/ask/sentence/Part'
import { shareWords } from '../words'
import classes from '../builder.module.css'
import type { CriterionProps } from './criterion'

export function ShareSentence({ criterion, denied, onChange }: CriterionProps<Share>) {
  return (
    <>
      {denied ? 'are not in a fixed random ' : 'are in a fixed random '}
      <Part
        words={`${shareWords(criterion)} (${criterion.salt})`}
        label="Change the random share"
        width={300}
      >
        {(close) => (
          <Form
            given={criterion}
            onDone={(next) => {
              onChange(next)
              close()
            }}
          />
        )}
      </Part>
    </>
  )
}

const percentOf = (part: number) => String(Math.round(part * 1e4) / 100)

function Form({ given, onDone }: { given: Share; onDone: (share: Share) => void }) {
  const [from, setFrom] = useState(percentOf(given.from))
  const [to, setTo] = useState(percentOf(given.to))
  const [salt, setSalt] = useState(given.salt)
  const [low, high] = [Number(from) / 100, Number(to) / 100]
  const isReady = salt.trim() !== '' && low >= 0 && high <= 1 && low < high
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) onDone({ is: 'share', salt: salt.trim(), from: low, to: high })
      }}
    >
      <div className={classes.pair}>
        <TextInput
          label="From, in %"
          inputMode="decimal"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label="To, in %"
          inputMode="decimal"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          data-autofocus
        />
      </div>
      <TextInput
        label="Name of the draw"
        description="Under the same name the same customers are drawn, under another one others."
        value={salt}
        onChange={(event) => setSalt(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!isReady}>
        Take this share
      </Button>
    </form>
  )
}
