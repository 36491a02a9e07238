// In which stretch of a customer's time?
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Window } from '@/api/definitionTypes'
import type { Grain, Period, Selection } from '@/api/insightTypes'
import { EventPart } from '@/pages/ask/sentence/EventPart'
import { Part } from '@/pages/ask/sentence/Part'
import sentence from '@/pages/ask/sentence/sentence.module.css'
import { about } from '../lengths'
import { eventNamed, lastDays } from '../starts'
import { windowWords } from '../words'
import { isLength, LengthFields } from './LengthForm'
import { Ways } from './Ways'
import classes from '../builder.module.css'

interface WindowPartProps {
  window: Window
  onChange: (window: Window) => void
  after?: string
}

const presets: Window[] = [lastDays(7), lastDays(14), lastDays(30), lastDays(90), { is: 'ever' }]

export function WindowPart({ window, onChange, after }: WindowPartProps) {
  return (
    <Part
      words={windowWords(window)}
      label="Change when"
      quiet={window.is === 'ever'}
      width={340}
      after={after}
    >
      {(close) => {
        const done = (next: Window) => {
          onChange(next)
          close()
        }
        return (
          <>
            <ul className={sentence.presets} aria-label="Usual times">
              {presets.map((preset) => (
                <li key={windowWords(preset)}>
                  <button
                    type="button"
                    className={sentence.preset}
                    aria-pressed={JSON.stringify(preset) === JSON.stringify(window)}
                    onClick={() => done(preset)}
                  >
                    {windowWords(preset)}
                  </button>
                </li>
              ))}
            </ul>
            <Form given={window} onDone={done} />
          </>
        )
      }}
    </Part>
  )
}

const ways = [
  { key: 'last', words: 'in the last…' },
  { key: 'longer_ago', words: 'longer ago than…' },
  { key: 'ago', words: 'from … to … ago' },
  { key: 'period', words: 'calendar' },
  { key: 'between', words: 'dates' },
  { key: 'since', words: 'since an event' },
] as const

type Way = (typeof ways)[number]['key']

const lastMonths: Period = { kind: 'last', n: 3, grain: 'month', current: false }

const starts: Record<Way, Window> = {
  last: lastDays(60),
  longer_ago: { is: 'longer_ago', length: '30 days' },
  ago: { is: 'ago', from: '180 days', to: '30 days' },
  period: { is: 'period', period: lastMonths },
  between: { is: 'period', period: { kind: 'between', first: '', last: '' } },
  since: { is: 'since', which: 'last', events: eventNamed('Order Completed') },
}

function wayOf(window: Window): Way {
  if (window.is === 'ever') return 'last'
  if (window.is === 'period') return window.period.kind === 'between' ? 'between' : 'period'
  return window.is
}

function Form({ given, onDone }: { given: Window; onDone: (window: Window) => void }) {
  const [window, setWindow] = useState(given.is === 'ever' ? starts.last : given)
  const trouble = troubleOf(window)
  const way = wayOf(window)
  return (
    <form
      className={classes.form}
      data-below
      onSubmit={(event) => {
        event.preventDefault()
        if (trouble === null) onDone(window)
      }}
    >
      <Ways
        label="Which kind of time"
        ways={ways}
        chosen={way}
        onChoose={(next) => setWindow(next === wayOf(given) ? given : starts[next])}
      />
      <Fields window={window} onChange={setWindow} />
      {trouble && trouble !== '' && <p className={classes.trouble}>{trouble}</p>}
      <Button type="submit" variant="default" disabled={trouble !== null}>
        Take this time
      </Button>
    </form>
  )
}

/** Why a time cannot be taken; nothing to say while it is not filled in yet. */
function troubleOf(window: Window): string | null {
  switch (window.is) {
    case 'ago':
      if (!isLength(window.from) || !isLength(window.to)) return ''
      return about(window.from) > about(window.to) ? null : 'The first must be longer ago.'
    case 'last':
    case 'longer_ago':
      return isLength(window.length) ? null : ''
    case 'period': {
      if (window.period.kind !== 'between') return window.period.n > 0 ? null : ''
      const { first, last } = window.period
      if (!first || !last) return ''
      return last < first ? 'Ends before it begins.' : null
    }
    default:
      return null
  }
}

interface FieldsProps<Kind extends Window = Window> {
  window: Kind
  onChange: (window: Window) => void
}

function Fields({ window, onChange }: FieldsProps) {
  switch (window.is) {
    case 'ever':
      return null
    case 'last':
    case 'longer_ago':
      return (
        <LengthFields
          label={window.is === 'last' ? 'In the last' : 'Longer ago than'}
          length={window.length}
          onChange={(length) => onChange({ ...window, length })}
        />
      )
    case 'ago':
      return (
        <>
          <LengthFields
            label="From, ago"
            length={window.from}
            onChange={(from) => onChange({ ...window, from })}
          />
          <LengthFields
            label="To, ago"
            length={window.to}
            onChange={(to) => onChange({ ...window, to })}
          />
        </>
      )
    case 'period':
      return <PeriodFields period={window.period} onChange={onChange} />
    case 'since':
      return <SinceFields window={window} onChange={onChange} />
  }
}

const grains: Grain[] = ['day', 'week', 'month', 'quarter', 'year']

interface PeriodFieldsProps {
  period: Period
  onChange: (window: Window) => void
}

function PeriodFields({ period, onChange }: PeriodFieldsProps) {
  const set = (next: Period) => onChange({ is: 'period', period: next })
  if (period.kind === 'between') {
    return (
      <div className={classes.pair}>
        <TextInput
          type="date"
          label="From"
          value={period.first}
          onChange={(event) => set({ ...period, first: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label="To, included"
          value={period.last}
          onChange={(event) => set({ ...period, last: event.currentTarget.value })}
        />
      </div>
    )
  }
  return (
    <div className={classes.pair}>
      <TextInput
        label="The last"
        inputMode="numeric"
        value={period.n || ''}
        onChange={(event) =>
          set({ ...period, n: Math.min(1_000, Number(event.currentTarget.value.trim()) || 0) })
        }
      />
      <NativeSelect
        label="Of"
        value={period.grain}
        data={grains.map((grain) => ({ value: grain, label: `${grain}s` }))}
        onChange={(event) => set({ ...period, grain: event.currentTarget.value as Grain })}
      />
      <NativeSelect
        label="The current one"
        value={period.current ? 'with' : 'without'}
        data={[
          { value: 'without', label: 'left out' },
          { value: 'with', label: 'counts' },
        ]}
        onChange={(event) => set({ ...period, current: event.currentTarget.value === 'with' })}
      />
    </div>
  )
}

function SinceFields({ window, onChange }: FieldsProps<Extract<Window, { is: 'since' }>>) {
  const setEvents = (events: Selection) => onChange({ ...window, events })
  return (
    <p>
      After their{' '}
      <Ways
        label="Which one"
        ways={[
          { key: 'last', words: 'last' },
          { key: 'first', words: 'first' },
        ]}
        chosen={window.which}
        onChoose={(which) => onChange({ ...window, which })}
      />
      <EventPart selection={window.events} label="Change since which event" onChange={setEvents} />
    </p>
  )
}
