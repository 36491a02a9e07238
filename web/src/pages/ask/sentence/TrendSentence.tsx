// How does a trend read while it is built? "Customers with Order Completed, by week, last quarter."
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Grain, TrendSeries, WholeQuestionOf } from '@/api/insightTypes'
import { QuietButton } from '@/kit'
import { fits, grainFor } from '../periods'
import { anything } from '../starts'
import { EventPart } from './EventPart'
import { GroupPart } from './GroupPart'
import { MeasurePart } from './MeasurePart'
import { Part } from './Part'
import { PeriodPart } from './PeriodPart'
import { PickPart } from './PickPart'
import { WherePart } from './WherePart'
import classes from './sentence.module.css'

type Question = WholeQuestionOf<'trend'>

interface TrendSentenceProps {
  question: Question
  onChange: (question: Question) => void
}

const grains: Grain[] = ['hour', 'day', 'week', 'month', 'quarter', 'year']
const SERIES_MAX = 8
const letter = (at: number) => String.fromCharCode(65 + at)

export function TrendSentence({ question, onChange }: TrendSentenceProps) {
  const { series, grain, period, compare, breakdown, formula } = question
  const set = (change: Partial<Question>) => onChange({ ...question, ...change })
  const setSeries = (at: number, next: TrendSeries) =>
    set({ series: series.map((one, i) => (i === at ? next : one)) })
  return (
    <div className={classes.sentence}>
      {series.map((one, at) => (
        <span key={at} className={classes.clause}>
          {series.length > 1 && <b className={classes.letter}>{letter(at)}</b>}
          {at === 0 ? 'The ' : 'the '}
          <OneSeries
            series={one}
            after={at < series.length - 1 ? undefined : ','}
            onChange={(next) => setSeries(at, next)}
            onRemove={
              series.length > 1
                ? () => set({ series: series.filter((_, i) => i !== at), formula: null })
                : undefined
            }
          />
          {at < series.length - 1 ? ' and ' : ' '}
        </span>
      ))}
      <span className={classes.clause}>
        <PickPart
          label="Change by what it is cut"
          words={`by ${grain}`}
          chosen={grain}
          choices={grains
            .filter((one) => fits(one, period) || one === grain)
            .map((key) => ({ key, words: `by ${key}` }))}
          onChange={(next) => set({ grain: next })}
          after=","
        />{' '}
        <PeriodPart
          period={period}
          compare={compare}
          comparable
          onChange={(next, compare) => {
            set({ period: next, compare, grain: fits(grain, next) ? grain : grainFor(next) })
          }}
          after=","
        />{' '}
        <GroupPart
          breakdown={breakdown}
          event={series[0]?.events.events[0]}
          offers="channel"
          onChange={(next) => set({ breakdown: next })}
          after="."
        />{' '}
      </span>
      <span className={classes.clause}>
        {series.length < SERIES_MAX && (
          <Part words="and…" label="Add another number" quiet>
            {(close) => (
              <Another
                onAdd={() => {
                  set({ series: [...series, { events: anything, measure: { is: 'events' } }] })
                  close()
                }}
                onFormula={(text) => {
                  set({ formula: text })
                  close()
                }}
                formula={formula ?? ''}
                letters={series.map((_, at) => letter(at))}
              />
            )}
          </Part>
        )}
        {formula && <code className={classes.formula}>{formula}</code>}
      </span>
    </div>
  )
}

interface OneSeriesProps {
  series: TrendSeries
  onChange: (series: TrendSeries) => void
  onRemove?: () => void
  after?: string
}

function OneSeries({ series, onChange, onRemove, after }: OneSeriesProps) {
  const { events, measure } = series
  return (
    <>
      <MeasurePart
        measure={measure}
        event={events.events[0]}
        onChange={(next) => onChange({ ...series, measure: next })}
      />{' '}
      <EventPart
        selection={events}
        label="Change the event"
        orAny
        onChange={(next) => onChange({ ...series, events: next })}
        onRemove={onRemove}
      />
      <WherePart
        selection={events}
        after={after}
        onChange={(next) => onChange({ ...series, events: next })}
      />
    </>
  )
}

interface AnotherProps {
  onAdd: () => void
  onFormula: (formula: string | null) => void
  formula: string
  letters: string[]
}

/** A second number beside the first, or one that is computed of both. */
function Another({ onAdd, onFormula, formula, letters }: AnotherProps) {
  const [text, setText] = useState(formula)
  const example = letters.length > 1 ? 'A / B * 100' : 'A / 1000'
  return (
    <div className={classes.testForm}>
      <Button variant="default" onClick={onAdd} data-autofocus>
        Another number beside it
      </Button>
      <form
        className={classes.typed}
        onSubmit={(event) => {
          event.preventDefault()
          onFormula(text.trim() || null)
        }}
      >
        <TextInput
          label="A formula over them"
          description={`${letters.join(', ')} with + − * / and brackets, such as ${example}`}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {text.trim() ? 'Compute this' : 'No formula'}
        </Button>
      </form>
      {formula && <QuietButton onClick={() => onFormula(null)}>Leave the formula out</QuietButton>}
    </div>
  )
}
