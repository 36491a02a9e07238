// How does a retention read while it is built? "Customers who first did … and came back with …"
import type { Grain, WholeQuestionOf } from '@/api/insightTypes'
import { fieldWords } from '@/kit/chart/words'
import { FieldPart } from './FieldPart'
import { GroupPart } from './GroupPart'
import { PeriodPart } from './PeriodPart'
import { PickPart } from './PickPart'
import { What } from './What'
import classes from './sentence.module.css'

type Question = WholeQuestionOf<'retention'>

interface RetentionSentenceProps {
  question: Question
  onChange: (question: Question) => void
}

const grains: Grain[] = ['day', 'week', 'month', 'quarter']
const spans = [4, 6, 8, 12, 14, 24, 30]

const countings = [
  { key: 'on' as const, words: 'in that very' },
  { key: 'on_or_after' as const, words: 'in that or any later' },
]

export function RetentionSentence({ question, onChange }: RetentionSentenceProps) {
  const { begin, back, cohort, counting, grain, n_spans, period, value, breakdown } = question
  const set = (change: Partial<Question>) => onChange({ ...question, ...change })
  const counted = counting?.is === 'on_or_after' ? 'on_or_after' : 'on'
  return (
    <div className={classes.sentence}>
      Customers who{' '}
      <PickPart
        label="Change which beginning counts"
        words={cohort === 'every' ? 'whenever they' : 'first'}
        chosen={cohort ?? 'first'}
        choices={[
          { key: 'first', words: 'first: the first one ever' },
          { key: 'every', words: 'whenever they: the first one in each span' },
        ]}
        onChange={(next) => set({ cohort: next })}
      />{' '}
      did{' '}
      <What
        selection={begin}
        label="Change the beginning"
        onChange={(next) => set({ begin: next })}
      />{' '}
      and came back with{' '}
      <What selection={back} label="Change the return" onChange={(next) => set({ back: next })} />{' '}
      <PickPart
        label="Change in which column a return counts"
        words={`${countings.find(({ key }) => key === counted)?.words} ${grain}`}
        chosen={counted}
        choices={countings.map(({ key, words }) => ({ key, words: `${words} ${grain}` }))}
        onChange={(next) => set({ counting: { is: next } })}
        after=","
      />{' '}
      <PickPart
        label="Change how long a cohort gathers"
        words={`by ${grain}`}
        chosen={grain}
        choices={grains.map((key) => ({ key, words: `by ${key}` }))}
        onChange={(next) => set({ grain: next })}
      />{' '}
      <PickPart
        label="Change how many columns there are"
        words={`over ${n_spans} ${grain}s`}
        chosen={n_spans}
        choices={spans.map((key) => ({ key, words: `over ${key} ${grain}s` }))}
        onChange={(next) => set({ n_spans: next })}
        after=","
      />
      {' begun in the '}
      <PeriodPart
        period={period}
        compare={question.compare}
        comparable
        onChange={(next, compare) => set({ period: next, compare })}
        after=","
      />{' '}
      <GroupPart
        breakdown={breakdown}
        event={begin.events[0]}
        onChange={(next) => set({ breakdown: next })}
        after=","
      />{' '}
      <FieldPart
        words={value ? `worth ${fieldWords(value)} per customer` : 'worth…'}
        label="Change what returns are worth"
        event={back.events[0]}
        chosen={value ?? null}
        none="Only who came back"
        onlyNumbers
        quiet={!value}
        onChange={(next) => set({ value: next })}
        after="."
      />
    </div>
  )
}
