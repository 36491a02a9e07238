// How does the definition read as a formula, and what is wrong with what was typed?
import { Button } from '@mantine/core'
import { lazy, Suspense, useRef } from 'react'
import { ApiFailure } from '@/api/client'
import { described, ErrorState, Notice, QuietButton, Skeleton } from '@/kit'
import { listed } from '@/kit/chart/words'
import type { FormulaHandle } from './formula/FormulaEditor'
import { rangeOf, replacedAt } from './formula/place'
import type { Formula } from './useFormula'
import { quoted } from './words'
import classes from './builder.module.css'

const FormulaEditor = lazy(() => import('./formula/FormulaEditor'))

export function FormulaFace({ formula }: { formula: Formula }) {
  const { text, trouble, unread, unwritten } = formula
  const editor = useRef<FormulaHandle>(null)
  if (unwritten) {
    return <ErrorState what="The formula could not be written" error={unwritten} />
  }
  if (text === null) return <Skeleton height={160} />
  const place = trouble instanceof ApiFailure ? trouble.at : null
  const range = place ? rangeOf(text, place) : null
  return (
    <div className={classes.formula}>
      <Suspense fallback={<Skeleton height={160} />}>
        <FormulaEditor ref={editor} text={text} wrong={range} onChange={formula.type} />
      </Suspense>
      {trouble !== null && (
        <Trouble
          trouble={trouble}
          onPlace={() => editor.current?.goTo(range?.from ?? 0)}
          onSuggest={(word) => range && formula.type(replacedAt(text, range, word))}
        />
      )}
      {unread !== null && trouble !== null && (
        <p className={classes.aside}>
          Until it can be read, the sentence, the size and what is saved stay as they were.{' '}
          <QuietButton onClick={formula.forget}>Back to the formula of the sentence</QuietButton>
        </p>
      )}
      <p className={classes.aside}>
        Texts stand in single quotes, conditions are joined by <code>and</code>, <code>or</code>,{' '}
        <code>not</code> and brackets. Event names are offered while you type.
      </p>
    </div>
  )
}

interface TroubleProps {
  trouble: unknown
  onPlace: () => void
  onSuggest: (word: string) => void
}

function Trouble({ trouble, onPlace, onSuggest }: TroubleProps) {
  const { message, hint } = described(trouble)
  const place = trouble instanceof ApiFailure ? trouble.at : null
  const expected = place?.expected ?? []
  return (
    <Notice tone="bad">
      {place && (
        <>
          <QuietButton onClick={onPlace}>
            Line {place.line}, column {place.column}
          </QuietButton>
          {': '}
        </>
      )}
      {message} {hint}
      {expected.length > 0 && <p>Here may stand {listed(expected)}.</p>}
      {place && place.suggest.length > 0 && (
        <div className={classes.suggest}>
          {place.suggest.map((word) => (
            <Button key={word} variant="default" size="xs" onClick={() => onSuggest(word)}>
              Use {quoted(word)}
            </Button>
          ))}
        </div>
      )}
    </Notice>
  )
}
