// With which text, or which number, is something compared?
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import classes from './sentence.module.css'

interface TypedProps {
  label: string
  given: string
  isNumber?: boolean
  onDone: (text: string) => void
}

export function Typed({ label, given, isNumber = false, onDone }: TypedProps) {
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
