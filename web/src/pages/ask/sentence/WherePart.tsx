// Which of these events count? Only those that say something in particular.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { seenPropertiesQuery } from '@/api/catalogueQueries'
import type { EventField, EventTest, Selection } from '@/api/insightTypes'
import { QuietButton } from '@/kit'
import { oneTest } from '@/kit/chart/words'
import { Chooser } from './Chooser'
import { keyOf, propertyOptions, usual } from './fields'
import { Part } from './Part'
import { TestForm } from './TestForm'
import classes from './sentence.module.css'

interface WherePartProps {
  selection: Selection
  onChange: (selection: Selection) => void
  after?: string
}

export function WherePart({ selection, onChange, after }: WherePartProps) {
  const { tests, events } = selection
  const set = (next: EventTest[]) => onChange({ ...selection, tests: next })
  return (
    <>
      {tests.map((test, at) => (
        <span key={at}>
          {at === 0 ? ' where ' : ' and '}
          <Part words={oneTest(test)} label="Change this condition">
            {(close) => (
              <>
                <TestForm
                  event={events[0]}
                  field={test.field}
                  test={test}
                  onDone={(next) => {
                    set(tests.map((one, i) => (i === at ? next : one)))
                    close()
                  }}
                />
                <div className={classes.below}>
                  <QuietButton onClick={() => set(tests.filter((_, i) => i !== at))}>
                    Leave this condition out
                  </QuietButton>
                </div>
              </>
            )}
          </Part>
        </span>
      ))}{' '}
      <Part
        words={tests.length === 0 ? 'where…' : 'and…'}
        label="Add a condition"
        quiet
        after={after}
      >
        {(close) => (
          <NewTest
            event={events[0]}
            onDone={(test) => {
              set([...tests, test])
              close()
            }}
          />
        )}
      </Part>
    </>
  )
}

interface NewTestProps {
  event: string | undefined
  onDone: (test: EventTest) => void
}

function NewTest({ event, onDone }: NewTestProps) {
  const [field, setField] = useState<EventField | null>(null)
  const seen = useQuery(seenPropertiesQuery(event))
  if (field) return <TestForm event={event} field={field} onDone={onDone} />
  const properties = seen.data?.properties ?? []
  const offered = [...usual(properties), ...propertyOptions(properties)]
  return (
    <Chooser
      label="Which property"
      placeholder="Find a property"
      options={offered.map(({ by, ...option }) => ({ key: keyOf(by), ...option }))}
      busy={seen.isPending}
      nothing="No property was seen on this event."
      onChoose={(key) => {
        const by = offered.find((one) => keyOf(one.by) === key)?.by
        if (by?.of === 'property' || by?.of === 'context') setField({ of: by.of, path: by.path })
      }}
    />
  )
}
