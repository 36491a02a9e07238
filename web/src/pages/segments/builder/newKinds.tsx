// Which kinds of conditions are there, and what has to be said before one can be added?
import { TextInput, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { seenEventsQuery, seenPropertiesQuery, seenTraitsQuery } from '@/api/catalogueQueries'
import type { Fact, Node } from '@/api/definitionTypes'
import type { EventField } from '@/api/insightTypes'
import { percent, traitWords } from '@/kit/chart/words'
import { countShort } from '@/kit/number'
import { Chooser } from '@/pages/ask/sentence/Chooser'
import { keyOf, propertyOptions, usual } from '@/pages/ask/sentence/fields'
import { TestForm } from '@/pages/ask/sentence/TestForm'
import { valueWith } from './criteria/ValueSentence'
import { NewCondition } from './NewCondition'
import { FocusFirst } from './parts/FocusFirst'
import { HeldForm } from './parts/HeldPart'
import { SegmentList } from './parts/SegmentPart'
import {
  aTenth,
  did,
  didNot,
  eventNamed,
  fact as factWith,
  inOrder,
  inSegment,
  lastDays,
  mayWrite,
  notFollowed,
  sameOf,
} from './starts'
import classes from './builder.module.css'

export const kinds: readonly { key: Kind; words: string; within?: 'same' }[] = [
  { key: 'did', words: 'They did something', within: 'same' },
  { key: 'did_not', words: 'They did not do something', within: 'same' },
  { key: 'trait', words: 'Something is known of them' },
  { key: 'account', words: 'Something is known of their account' },
  { key: 'holding', words: 'They hold a product' },
  { key: 'permission', words: 'They may be written to' },
  { key: 'segment', words: 'They are in a segment' },
  { key: 'value', words: 'The first, last or most frequent value of a property' },
  { key: 'in_order', words: 'They did one thing after another', within: 'same' },
  { key: 'not_followed', words: 'They did one thing, and another did not follow', within: 'same' },
  { key: 'same', words: 'Something about one and the same product, order, page…' },
  { key: 'any', words: 'At least one of several conditions', within: 'same' },
  { key: 'none', words: 'None of several conditions' },
  { key: 'share', words: 'A random share of all' },
]

export type Kind =
  | 'did'
  | 'did_not'
  | 'trait'
  | 'account'
  | 'holding'
  | 'permission'
  | 'segment'
  | 'value'
  | 'in_order'
  | 'not_followed'
  | 'same'
  | 'any'
  | 'none'
  | 'share'

interface KindFormProps {
  kind: Kind
  within?: 'same'
  onFact: (fact: Fact) => void
  onDone: (node: Node) => void
}

export function KindForm({ kind, within, onFact, onDone }: KindFormProps) {
  switch (kind) {
    case 'did':
      return <EventList label="Which event" onChoose={(name) => onDone(did(eventNamed(name)))} />
    case 'did_not':
      return (
        <EventList
          label="Which event did they not have"
          onChoose={(name) => onDone(didNot(eventNamed(name)))}
        />
      )
    case 'trait':
      return <TraitList onFact={onFact} />
    case 'account':
      return <AccountTrait onFact={onFact} />
    case 'holding':
      return (
        <HeldForm
          given={null}
          onDone={(held) => onDone(factWith(held, { op: 'at_least', value: 1 }))}
        />
      )
    case 'permission':
      return (
        <Ready
          words="May be written to by e-mail for marketing"
          onDone={() => onDone(mayWrite())}
        />
      )
    case 'segment':
      return <SegmentList onChoose={(key) => onDone(inSegment(key))} />
    case 'value':
      return <NewValue onDone={onDone} />
    case 'in_order':
      return <TwoEvents second="And then which event" onDone={(a, b) => onDone(inOrder([a, b]))} />
    case 'not_followed':
      return (
        <TwoEvents
          second="And which event did not follow"
          onDone={(a, b) => onDone(notFollowed(a, b))}
        />
      )
    case 'same':
      return <NewSame onDone={onDone} />
    case 'any':
    case 'none':
      return <NewCondition within={within} onDone={(node) => onDone({ is: kind, of: [node] })} />
    case 'share':
      return (
        <Ready words="Draw one in ten, always the same ones" onDone={() => onDone(aTenth('a'))} />
      )
  }
}

/** Nothing has to be said first: what is added can be changed in the sentence. */
function Ready({ words, onDone }: { words: string; onDone: () => void }) {
  return (
    <div className={classes.form}>
      <Button onClick={onDone} data-autofocus>
        {words}
      </Button>
    </div>
  )
}

interface EventListProps {
  label: string
  onChoose: (name: string) => void
}

function EventList({ label, onChoose }: EventListProps) {
  const seen = useQuery(seenEventsQuery)
  return (
    <Chooser
      label={label}
      placeholder={label}
      options={(seen.data?.events ?? []).map(({ name, n_events }) => ({
        key: name,
        label: name,
        note: countShort(n_events),
      }))}
      busy={seen.isPending}
      nothing={seen.isError ? 'The list of events could not be read.' : 'No event came in yet.'}
      free={(typed) => `“${typed}”, not seen yet`}
      onChoose={onChoose}
    />
  )
}

type Two = ReturnType<typeof eventNamed>

function TwoEvents({ second, onDone }: { second: string; onDone: (a: Two, b: Two) => void }) {
  const [first, setFirst] = useState<string | null>(null)
  if (first === null) return <EventList key="first" label="Which event first" onChoose={setFirst} />
  return (
    <FocusFirst key="second">
      <EventList label={second} onChoose={(name) => onDone(eventNamed(first), eventNamed(name))} />
    </FocusFirst>
  )
}

function TraitList({ onFact }: { onFact: (fact: Fact) => void }) {
  const seen = useQuery(seenTraitsQuery)
  const traits = seen.data?.traits ?? []
  return (
    <Chooser
      label="Which trait"
      placeholder="Find a trait"
      options={traits.map(({ key, share }) => ({
        key,
        label: traitWords(key),
        note: `${percent(share)} have it`,
      }))}
      busy={seen.isPending}
      nothing={seen.isError ? 'The list of traits could not be read.' : 'No trait was seen yet.'}
      free={(typed) => `“${typed}”, not seen yet`}
      onChoose={(name) => {
        const isList = traits.find(({ key }) => key === name)?.types.includes('array')
        onFact({ of: isList ? 'list' : 'trait', name })
      }}
    />
  )
}

function AccountTrait({ onFact }: { onFact: (fact: Fact) => void }) {
  const [name, setName] = useState('')
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) onFact({ of: 'account', name: name.trim() })
      }}
    >
      <TextInput
        label="Trait of the account, such as industry"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Button type="submit" disabled={!name.trim()}>
        Go on
      </Button>
    </form>
  )
}

interface FieldListProps {
  event: string
  onChoose: (field: EventField) => void
}

function FieldList({ event, onChoose }: FieldListProps) {
  const seen = useQuery(seenPropertiesQuery(event))
  const all = seen.data?.properties ?? []
  const offered = [...propertyOptions(all), ...usual(all)]
  return (
    <Chooser
      key="field"
      label="Of which property"
      placeholder="Of which property"
      options={offered.map(({ by, ...option }) => ({ ...option, key: keyOf(by) }))}
      busy={seen.isPending}
      nothing="No property was seen on this event."
      onChoose={(key) => {
        const by = offered.find((one) => keyOf(one.by) === key)?.by
        if (by?.of === 'property' || by?.of === 'context') onChoose({ of: by.of, path: by.path })
      }}
    />
  )
}

function NewSame({ onDone }: { onDone: (node: Node) => void }) {
  const [event, setEvent] = useState<string | null>(null)
  if (event === null) return <EventList label="Which event" onChoose={setEvent} />
  return (
    <FocusFirst key="field">
      <FieldList
        event={event}
        onChoose={(field) => onDone(sameOf(field, did(eventNamed(event), lastDays(2), 3)))}
      />
    </FocusFirst>
  )
}

function NewValue({ onDone }: { onDone: (node: Node) => void }) {
  const [event, setEvent] = useState<string | null>(null)
  const [field, setField] = useState<EventField | null>(null)
  if (event === null) return <EventList label="Which event" onChoose={setEvent} />
  if (field === null) {
    return (
      <FocusFirst key="field">
        <FieldList event={event} onChoose={setField} />
      </FocusFirst>
    )
  }
  const start = {
    which: 'last' as const,
    label: { field, view: 'whole' as const },
    events: eventNamed(event),
    window: { is: 'ever' as const },
  }
  return <TestForm event={event} field={field} onDone={(test) => onDone(valueWith(start, test))} />
}
