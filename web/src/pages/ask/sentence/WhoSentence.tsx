// Which customers are looked at? "Only customers where plan is pro."
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { seenTraitsQuery } from '@/api/catalogueQueries'
import type { TraitTest } from '@/api/insightTypes'
import { QuietButton } from '@/kit'
import { oneTraitTest, percent, traitWords } from '@/kit/chart/words'
import { Chooser } from './Chooser'
import { OpForm } from './OpForm'
import { Part } from './Part'
import { ValuesForm } from './ValuesForm'
import classes from './sentence.module.css'

interface WhoSentenceProps {
  who: TraitTest[]
  onChange: (who: TraitTest[]) => void
}

export function WhoSentence({ who, onChange }: WhoSentenceProps) {
  return (
    <div className={classes.sentence}>
      {who.map((test, at) => (
        <span key={at} className={classes.clause}>
          {at === 0 ? 'Only customers where ' : 'and '}
          <Part words={oneTraitTest(test)} label="Change this condition on customers">
            {(close) => (
              <>
                <TraitForm
                  trait={test.trait}
                  test={test}
                  onDone={(next) => {
                    onChange(who.map((one, i) => (i === at ? next : one)))
                    close()
                  }}
                />
                <div className={classes.below}>
                  <QuietButton onClick={() => onChange(who.filter((_, i) => i !== at))}>
                    Leave this condition out
                  </QuietButton>
                </div>
              </>
            )}
          </Part>{' '}
        </span>
      ))}
      <Part
        words={who.length === 0 ? 'Only customers where…' : 'and…'}
        label="Add a condition on customers"
        quiet
        after="."
      >
        {(close) => (
          <NewTest
            onDone={(test) => {
              onChange([...who, test])
              close()
            }}
          />
        )}
      </Part>
    </div>
  )
}

function NewTest({ onDone }: { onDone: (test: TraitTest) => void }) {
  const [trait, setTrait] = useState<string | null>(null)
  const seen = useQuery(seenTraitsQuery)
  if (trait !== null) return <TraitForm trait={trait} onDone={onDone} />
  return (
    <Chooser
      label="Which trait"
      placeholder="Find a trait"
      options={(seen.data?.traits ?? []).map(({ key, share }) => ({
        key,
        label: traitWords(key),
        note: `${percent(share)} have it`,
      }))}
      busy={seen.isPending}
      nothing={seen.isError ? 'The list of traits could not be read.' : 'No trait was seen yet.'}
      onChoose={setTrait}
    />
  )
}

interface TraitFormProps {
  trait: string
  test?: TraitTest
  onDone: (test: TraitTest) => void
}

function TraitForm({ trait, test, onDone }: TraitFormProps) {
  const seen = useQuery(seenTraitsQuery)
  const known = seen.data?.traits.find(({ key }) => key === trait)
  const offered = (known?.examples ?? []).map((value) => ({ value }))
  return (
    <OpForm
      words={traitWords(trait)}
      isNumber={known?.kind === 'number'}
      given={test}
      values={(chosen, onValues) => (
        <ValuesForm {...{ offered, chosen }} busy={seen.isPending} onDone={onValues} />
      )}
      onDone={(op) => onDone({ trait, ...op })}
    />
  )
}
