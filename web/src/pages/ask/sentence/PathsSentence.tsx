// How do paths read while they are built? "What customers do after …"
import type { EventLabel, WholeQuestionOf } from '@/api/insightTypes'
import { fieldWords } from '@/kit/chart/words'
import { lengthWords } from '@/kit/chart/lengthWords'
import { anything, THIRTY_MINUTES } from '../starts'
import { FieldPart } from './FieldPart'
import { PeriodPart } from './PeriodPart'
import { PickPart } from './PickPart'
import { What } from './What'
import classes from './sentence.module.css'

type Question = WholeQuestionOf<'paths'>

interface PathsSentenceProps {
  question: Question
  onChange: (question: Question) => void
}

const DAY = 86_400
const gaps = [THIRTY_MINUTES, 3_600, DAY, 7 * DAY, 0]

export function PathsSentence({ question, onChange }: PathsSentenceProps) {
  const { anchor, period, gap, depth, label, collapse, which, among } = question
  const set = (change: Partial<Question>) => onChange({ ...question, ...change })
  const events = anchor.is === 'sessions' ? anything : anchor.events
  return (
    <div className={classes.sentence}>
      What customers do{' '}
      <PickPart
        label="Change where paths are anchored"
        words={
          { from: 'after', to: 'before', sessions: 'from the beginning of a visit' }[anchor.is]
        }
        chosen={anchor.is}
        choices={[
          { key: 'from', words: 'after an event' },
          { key: 'to', words: 'before an event' },
          { key: 'sessions', words: 'from the beginning of a visit' },
        ]}
        onChange={(is) =>
          set(
            is === 'sessions'
              ? { anchor: { is }, gap: gap ?? THIRTY_MINUTES }
              : { anchor: { is, events } },
          )
        }
      />{' '}
      {anchor.is !== 'sessions' && (
        <>
          <What
            selection={events}
            label="Change the event"
            onChange={(next) => set({ anchor: { is: anchor.is, events: next } })}
          />{' '}
          <PickPart
            label="Change which of a customer's events count"
            words={which === 'first' ? '(the first of each customer)' : '(every time)'}
            quiet
            chosen={which ?? 'every'}
            choices={[
              { key: 'every', words: 'every time' },
              { key: 'first', words: 'the first of each customer' },
            ]}
            onChange={(next) => set({ which: next })}
          />
        </>
      )}
      {', '}
      <PickPart
        label="Change how many steps are followed"
        words={`${depth - 1} ${depth === 2 ? 'step' : 'steps'}`}
        chosen={depth}
        choices={[2, 3, 4, 5, 6, 8, 10].map((key) => ({
          key,
          words: `${key - 1} ${key === 2 ? 'step' : 'steps'}`,
        }))}
        onChange={(next) => set({ depth: next })}
      />{' '}
      among{' '}
      <What
        selection={among}
        label="Change which events are steps"
        onChange={(next) => set({ among: next })}
      />{' '}
      <FieldPart
        words={label ? `named by ${fieldWords(label.field)}` : 'named by event'}
        label="Change what a step is called"
        event={events.events[0]}
        chosen={label?.field ?? null}
        none="The name of the event"
        onChange={(field) => set({ label: field && labelOf(field) })}
        after=","
      />{' '}
      <PickPart
        label="Change when a path ends"
        words={gap ? `until nothing happens for ${lengthWords(gap)}` : 'however long it takes'}
        chosen={gap ?? 0}
        choices={gaps
          .filter((key) => key > 0 || anchor.is !== 'sessions')
          .map((key) => ({
            key,
            words: key ? `until nothing happens for ${lengthWords(key)}` : 'however long it takes',
          }))}
        onChange={(next) => set({ gap: next || null })}
        after=","
      />{' '}
      <PickPart
        label="Change what becomes of repeated steps"
        words={collapse ? 'repeats as one' : 'every repeat'}
        quiet
        chosen={collapse ? 'one' : 'each'}
        choices={[
          { key: 'one', words: 'repeats as one' },
          { key: 'each', words: 'every repeat' },
        ]}
        onChange={(next) => set({ collapse: next === 'one' })}
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

export const labelOf = (field: EventLabel['field']): EventLabel => ({ field, view: 'whole' })
