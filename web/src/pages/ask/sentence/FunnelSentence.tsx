// How does a funnel read while it is built? "Customers who did … and then … within 7 days."
import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { seenPropertiesQuery } from '@/api/catalogueQueries'
import type { EventField, Selection, StepOrder, WholeQuestionOf } from '@/api/insightTypes'
import { fieldWords, listed } from '@/kit/chart/words'
import { lengthWords } from '@/kit/chart/lengthWords'
import { Chooser } from './Chooser'
import { EventPart } from './EventPart'
import { keyOf, propertyOptions } from './fields'
import { GroupPart } from './GroupPart'
import { Part } from './Part'
import { PeriodPart } from './PeriodPart'
import { PickPart } from './PickPart'
import { WherePart } from './WherePart'
import classes from './sentence.module.css'

type Question = WholeQuestionOf<'funnel'>

interface FunnelSentenceProps {
  question: Question
  onChange: (question: Question) => void
}

const STEPS_MAX = 10

const orders: { key: StepOrder; words: string }[] = [
  { key: 'ordered', words: 'and then' },
  { key: 'strict', words: 'and right after' },
  { key: 'any', words: 'and, in any order,' },
]

export function FunnelSentence({ question, onChange }: FunnelSentenceProps) {
  const { steps, within, period, compare, breakdown } = question
  const set = (change: Partial<Question>) => onChange({ ...question, ...change })
  const setStep = (at: number, step: Selection) =>
    set({ steps: steps.map((one, i) => (i === at ? step : one)) })
  const isShort = steps.length < 2
  return (
    <div className={classes.sentence}>
      {steps.map((step, at) => (
        <span key={at} className={classes.clause}>
          {at === 0 ? 'Customers who did ' : <Order question={question} set={set} />}
          <EventPart
            selection={step}
            label={`Change step ${at + 1}`}
            onChange={(next) => setStep(at, next)}
            onRemove={() => set({ steps: steps.filter((_, i) => i !== at) })}
          />
          <WherePart selection={step} onChange={(next) => setStep(at, next)} />{' '}
        </span>
      ))}
      {steps.length < STEPS_MAX && (
        <span className={classes.clause}>
          {steps.length === 0 ? 'Customers who did ' : isShort && 'and then '}
          <EventPart
            key={steps.length}
            selection={null}
            empty={isShort ? 'choose an event' : 'and then…'}
            quiet={!isShort}
            label={`Choose step ${steps.length + 1}`}
            startsOpen={isShort}
            onChange={(step) => set({ steps: [...steps, step] })}
          />{' '}
        </span>
      )}
      <span className={classes.clause}>
        <WithinPart within={within} onChange={(next) => set({ within: next })} after="," />{' '}
        <GroupPart
          breakdown={breakdown}
          event={steps[0]?.events[0]}
          offers="channel"
          onChange={(next) => set({ breakdown: next })}
          after=","
        />{' '}
        <PeriodPart
          period={period}
          compare={compare}
          comparable
          onChange={(next, compare) => set({ period: next, compare })}
          after={steps.length >= 2 ? ',' : '.'}
        />{' '}
        {steps.length >= 2 && <HeldPart question={question} set={set} />}
      </span>
    </div>
  )
}

interface InsideProps {
  question: Question
  set: (change: Partial<Question>) => void
}

function Order({ question, set }: InsideProps) {
  const order = question.order ?? 'ordered'
  return (
    <>
      <PickPart
        label="Change how the steps lie to each other"
        words={orders.find(({ key }) => key === order)?.words ?? 'and then'}
        choices={orders}
        chosen={order}
        quiet
        onChange={(next) => set({ order: next })}
      />{' '}
    </>
  )
}

const MINUTE = 60
const DAY = 86_400
const lengths = [30 * MINUTE, 3_600, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY]

export function WithinPart({
  within,
  onChange,
  after,
}: {
  within: number
  onChange: (seconds: number) => void
  after?: string
}) {
  const [days, setDays] = useState('')
  const given = Number(days)
  const isReady = days.trim() !== '' && Number.isFinite(given) && given > 0 && given <= 3_650
  return (
    <Part
      words={`within ${lengthWords(within)}`}
      label="Change the time allowed"
      width={260}
      after={after}
    >
      {(close) => (
        <>
          <ul className={classes.presets}>
            {lengths.map((seconds) => (
              <li key={seconds}>
                <button
                  type="button"
                  className={classes.preset}
                  aria-pressed={seconds === within}
                  onClick={() => {
                    onChange(seconds)
                    close()
                  }}
                >
                  within {lengthWords(seconds)}
                </button>
              </li>
            ))}
          </ul>
          <form
            className={classes.between}
            onSubmit={(event) => {
              event.preventDefault()
              if (!isReady) return
              onChange(given * DAY)
              close()
            }}
          >
            <TextInput
              label="Days"
              inputMode="decimal"
              value={days}
              onChange={(event) => setDays(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" disabled={!isReady}>
              Take this
            </Button>
          </form>
        </>
      )}
    </Part>
  )
}

/** Fields that must say the same in all steps: the product, the order. */
function HeldPart({ question, set }: InsideProps) {
  const { held } = question
  const event = question.steps[0]?.events[0]
  const words =
    held.length === 0
      ? 'same…'
      : `with the same ${listed(
          held.map(({ field }) => fieldWords(field)),
          'and',
        )}`
  return (
    <Part
      words={words}
      label="Change what must be the same in all steps"
      quiet={held.length === 0}
      after="."
    >
      {() => (
        <Fields
          event={event}
          chosen={held.map(({ field }) => field)}
          onChange={(fields) =>
            set({ held: fields.map((field) => ({ field, view: 'whole' as const })) })
          }
        />
      )}
    </Part>
  )
}

interface FieldsProps {
  event: string | undefined
  chosen: EventField[]
  onChange: (fields: EventField[]) => void
}

const HELD_MAX = 3

function Fields({ event, chosen, onChange }: FieldsProps) {
  const seen = useQuery(seenPropertiesQuery(event))
  const offered = propertyOptions(seen.data?.properties ?? []).flatMap(({ by, ...option }) =>
    by.of === 'property' || by.of === 'context'
      ? [{ field: { of: by.of, path: by.path } as EventField, ...option }]
      : [],
  )
  const keys = chosen.map(keyOf)
  const choose = (key: string) => {
    const rest = chosen.filter((field) => keyOf(field) !== key)
    if (rest.length < chosen.length) return onChange(rest)
    const one = offered.find(({ field }) => keyOf(field) === key)
    if (one && chosen.length < HELD_MAX) onChange([...chosen, one.field])
  }
  return (
    <Chooser
      label="The same in all steps"
      placeholder="Find a property, such as the product"
      options={offered.map(({ field, ...option }) => ({ key: keyOf(field), ...option }))}
      chosen={keys}
      busy={seen.isPending}
      onChoose={choose}
    />
  )
}
