// What is wrong with the query, where, and what was probably meant?
import { Button } from '@mantine/core'
import { described, Notice, QuietButton } from '@/kit'
import { rangeAt, withoutPlace } from './place'
import classes from './sql.module.css'
import { meantIn, replaced } from './meant'
import type { Place } from './types'

interface ErrorBoxProps {
  error: unknown
  query: string
  place: Place | null
  onPlace: (at: number) => void
  onReplace: (query: string) => void
}

export function ErrorBox({ error, query, place, onPlace, onReplace }: ErrorBoxProps) {
  const { message, hint } = described(error)
  const meant = place ? meantIn(`${message} ${hint ?? ''}`) : null
  return (
    <div className={classes.error}>
      <Notice tone="bad">
        {place && (
          <>
            <QuietButton onClick={() => onPlace(rangeAt(query, place).from)}>
              Line {place.line}, column {place.column}
            </QuietButton>
            {': '}
          </>
        )}
        {sentence(withoutPlace(message))}
        {hint && <p className={classes.hint}>{sentence(hint)}</p>}
      </Notice>
      {meant && place && (
        <Button variant="default" onClick={() => onReplace(replaced(query, place, meant))}>
          Use <code className={classes.meant}>{meant}</code> instead
        </Button>
      )}
    </div>
  )
}

/** Begins as a sentence does. */
const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
