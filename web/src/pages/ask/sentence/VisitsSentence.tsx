// How do visits read while they are asked for? "Visits by channel, last 30 days."
import type { WholeQuestionOf, VisitsBy } from '@/api/insightTypes'
import { lengthWords } from '@/kit/chart/lengthWords'
import { fits, grainFor } from '../periods'
import { PeriodPart } from './PeriodPart'
import { PickPart } from './PickPart'
import { THIRTY_MINUTES } from '../starts'
import classes from './sentence.module.css'

type Question = WholeQuestionOf<'visits'>
type Named = Exclude<VisitsBy['of'], 'label'>

interface VisitsSentenceProps {
  question: Question
  onChange: (question: Question) => void
}

const groups: { key: Named | 'all'; words: string }[] = [
  { key: 'all', words: 'all together' },
  { key: 'channel', words: 'by channel' },
  { key: 'source', words: 'by campaign source' },
  { key: 'medium', words: 'by campaign medium' },
  { key: 'campaign', words: 'by campaign' },
  { key: 'referrer', words: 'by referring site' },
  { key: 'entry_page', words: 'by entry page' },
  { key: 'exit_page', words: 'by exit page' },
  { key: 'device', words: 'by device' },
  { key: 'country', words: 'by country' },
]

const gaps = [10 * 60, THIRTY_MINUTES, 3_600, 4 * 3_600]

export function VisitsSentence({ question, onChange }: VisitsSentenceProps) {
  const { by, period, compare, gap, bounce } = question
  const set = (change: Partial<Question>) => onChange({ ...question, ...change })
  const chosen = !by ? 'all' : by.of === 'label' ? 'all' : by.of
  const ended = gap ?? THIRTY_MINUTES
  return (
    <div className={classes.sentence}>
      Visits{' '}
      <PickPart
        label="Change the groups"
        words={groups.find(({ key }) => key === chosen)?.words ?? 'all together'}
        chosen={chosen}
        choices={groups}
        onChange={(next) => set({ by: next === 'all' ? null : { of: next } })}
        after=","
      />{' '}
      <PeriodPart
        period={period}
        compare={compare}
        comparable
        onChange={(next, compare) => {
          const grain =
            question.grain && fits(question.grain, next) ? question.grain : grainFor(next)
          set({ period: next, compare, grain })
        }}
        after=","
      />{' '}
      <PickPart
        label="Change when a visit ends"
        words={`until nothing happens for ${lengthWords(ended)}`}
        quiet
        chosen={ended}
        choices={gaps.map((key) => ({
          key,
          words: `until nothing happens for ${lengthWords(key)}`,
        }))}
        onChange={(next) => set({ gap: next })}
        after=","
      />{' '}
      <PickPart
        label="Change which visits count as left at once"
        words={bounce === 'one_event' ? 'left after one event' : 'left after one page'}
        quiet
        chosen={bounce ?? 'one_view'}
        choices={[
          { key: 'one_view', words: 'left after one page' },
          { key: 'one_event', words: 'left after one event' },
        ]}
        onChange={(next) => set({ bounce: next })}
        after="."
      />
    </div>
  )
}
