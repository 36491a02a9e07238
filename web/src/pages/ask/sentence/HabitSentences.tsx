// How do lifecycle, stickiness, frequency and recency, and last touch read while they are built?
import type { Grain, WholeQuestionOf } from '@/api/insightTypes'
import { fieldWords } from '@/kit/chart/words'
import { fits, grainFor } from '../periods'
import { edgesWith } from './edges'
import { EdgesPart } from './EdgesPart'
import { FieldPart } from './FieldPart'
import { WithinPart } from './FunnelSentence'
import { GroupPart } from './GroupPart'
import { labelOf } from './PathsSentence'
import { PeriodPart } from './PeriodPart'
import { PickPart } from './PickPart'
import { What } from './What'
import classes from './sentence.module.css'

interface Of<Name extends 'lifecycle' | 'stickiness' | 'rfm' | 'last-touch'> {
  question: WholeQuestionOf<Name>
  onChange: (question: WholeQuestionOf<Name>) => void
}

const grains: Grain[] = ['day', 'week', 'month', 'quarter', 'year']

export function LifecycleSentence({ question, onChange }: Of<'lifecycle'>) {
  const { events, grain, period } = question
  return (
    <div className={classes.sentence}>
      Customers with{' '}
      <What
        selection={events}
        label="Change what makes a customer active"
        onChange={(next) => onChange({ ...question, events: next })}
      />{' '}
      who are new, returning, back after a break or gone quiet,{' '}
      <PickPart
        label="Change by what it is cut"
        words={`by ${grain}`}
        chosen={grain}
        choices={grains
          .filter((one) => fits(one, period) || one === grain)
          .map((key) => ({ key, words: `by ${key}` }))}
        onChange={(next) => onChange({ ...question, grain: next })}
        after=","
      />{' '}
      <PeriodPart
        period={period}
        compare={question.compare}
        comparable
        onChange={(next, compare) => {
          const cut = fits(grain, next) ? grain : grainFor(next)
          onChange({ ...question, period: next, compare, grain: cut })
        }}
        after=","
      />{' '}
      <GroupPart
        breakdown={question.breakdown}
        event={events.events[0]}
        onChange={(next) => onChange({ ...question, breakdown: next })}
        after="."
      />
    </div>
  )
}

export function StickinessSentence({ question, onChange }: Of<'stickiness'>) {
  const { events, grain, period } = question
  return (
    <div className={classes.sentence}>
      On how many days of a{' '}
      <PickPart
        label="Change in what days are counted"
        words={grain}
        chosen={grain}
        choices={grains.slice(1).map((key) => ({ key, words: key }))}
        onChange={(next) => onChange({ ...question, grain: next })}
      />{' '}
      customers did{' '}
      <What
        selection={events}
        label="Change what makes a customer active"
        onChange={(next) => onChange({ ...question, events: next })}
        after=","
      />{' '}
      <PeriodPart
        period={period}
        compare={question.compare}
        comparable
        onChange={(next, compare) => onChange({ ...question, period: next, compare })}
        after=","
      />{' '}
      <GroupPart
        breakdown={question.breakdown}
        event={events.events[0]}
        onChange={(next) => onChange({ ...question, breakdown: next })}
        after="."
      />
    </div>
  )
}

export function RfmSentence({ question, onChange }: Of<'rfm'>) {
  const { events, period, money, edges } = question
  return (
    <div className={classes.sentence}>
      How lately and how often customers did{' '}
      <What
        selection={events}
        label="Change which events count"
        onChange={(next) => onChange({ ...question, events: next })}
        after=","
      />{' '}
      <FieldPart
        words={money ? `worth ${fieldWords(money)}` : 'worth…'}
        label="Change the number that is the value"
        event={events.events[0]}
        chosen={money ?? null}
        none="Only how lately and how often"
        onlyNumbers
        quiet={!money}
        onChange={(next) =>
          onChange({ ...question, money: next, edges: edgesWith(edges, next !== null) })
        }
        after=","
      />
      {' in '}
      <EdgesPart
        edges={edges}
        hasMoney={money !== null}
        onChange={(next) => onChange({ ...question, edges: next })}
      />{' '}
      <PeriodPart
        period={period}
        compare={question.compare}
        comparable
        onChange={(next, compare) => onChange({ ...question, period: next, compare })}
        after=","
      />{' '}
      <GroupPart
        breakdown={question.breakdown}
        event={undefined}
        offers="traits"
        onChange={(next) => onChange({ ...question, breakdown: next })}
        after="."
      />
    </div>
  )
}

export function LastTouchSentence({ question, onChange }: Of<'last-touch'>) {
  const { outcome, touch, label, within, value, period } = question
  const set = (change: Partial<WholeQuestionOf<'last-touch'>>) =>
    onChange({ ...question, ...change })
  return (
    <div className={classes.sentence}>
      For every{' '}
      <What
        selection={outcome}
        label="Change the outcome"
        orAny={false}
        onChange={(next) => set({ outcome: next })}
      />
      {' the last '}
      <What
        selection={touch}
        label="Change which events are touches"
        onChange={(next) => set({ touch: next })}
      />{' '}
      before it, <WithinPart within={within} onChange={(next) => set({ within: next })} after="," />{' '}
      <FieldPart
        words={`by ${fieldWords(label.field)}`}
        label="Change what a touch is called"
        event={touch.events[0]}
        chosen={label.field}
        onChange={(field) => field && set({ label: labelOf(field) })}
        after=","
      />{' '}
      <FieldPart
        words={value ? `with the sum of ${fieldWords(value)}` : 'with the sum of…'}
        label="Change the number that is added up"
        event={outcome.events[0]}
        chosen={value ?? null}
        none="Only how many"
        onlyNumbers
        quiet={!value}
        onChange={(next) => set({ value: next })}
        after=","
      />{' '}
      <PeriodPart
        period={period}
        compare={question.compare}
        comparable
        onChange={(next, compare) => set({ period: next, compare })}
        after="."
      />
    </div>
  )
}
