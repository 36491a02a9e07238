// Within how long?
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Length } from '@/api/definitionTypes'
import { Part } from '@/pages/ask/sentence/Part'
import { isLength, LengthFields } from './LengthForm'
import classes from '../builder.module.css'

interface LengthPartProps {
  words: string
  label: string
  length: Length
  onChange: (length: Length) => void
}

const shortUnits = ['minute', 'hour', 'day', 'week'] as const

export function LengthPart({ words, label, length, onChange }: LengthPartProps) {
  return (
    <Part words={words} label={label} width={280}>
      {(close) => (
        <Form
          given={length}
          onDone={(next) => {
            onChange(next)
            close()
          }}
        />
      )}
    </Part>
  )
}

function Form({ given, onDone }: { given: Length; onDone: (length: Length) => void }) {
  const [length, setLength] = useState(given)
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (isLength(length)) onDone(length)
      }}
    >
      <LengthFields label="How long" length={length} only={shortUnits} onChange={setLength} />
      <Button type="submit" disabled={!isLength(length)}>
        Take this
      </Button>
    </form>
  )
}
