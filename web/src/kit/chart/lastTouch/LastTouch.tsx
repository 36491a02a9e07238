// To which touches are outcomes credited, the last one before each?
import type { LastTouchAnswer, LastTouchQuestion, TouchedOutcomes } from '@/api/insightTypes'
import { counted, countExact } from '../../number'
import { NumberCell, ScrollTable } from '../Table'
import type { OnPoint } from '../types'
import { exactly, groupWords, percent } from '../words'
import classes from '../chart.module.css'

interface LastTouchProps {
  question: LastTouchQuestion
  answer: LastTouchAnswer
  onPoint?: OnPoint
}

export function lastTouchSummary(answer: LastTouchAnswer): string {
  if (answer.n_outcomes === 0) return 'There was no outcome in this period.'
  const [first] = answer.rows
  const best =
    first && first.outcomes.n > 0
      ? `, most of them after ${groupWords(first.group)} (${share(first.outcomes)})`
      : ''
  return `${counted(answer.n_outcomes, 'outcome')}${best}; ${share(answer.untouched)} had no touch in time.`
}

const share = ({ of_all }: TouchedOutcomes) =>
  of_all.value === null ? 'no share' : percent(of_all.value)

export function LastTouchRows({ question, answer, onPoint }: LastTouchProps) {
  const shown = answer.rows.flatMap(({ group }) => (group.is === 'value' ? [group.value] : []))
  const rows = [
    ...answer.rows.map(({ group, outcomes }) => ({
      name: groupWords(group),
      outcomes,
      at: { group, shown },
    })),
    { name: 'No touch in time', outcomes: answer.untouched, at: { is_untouched: true } },
  ]
  return (
    <ScrollTable label="Outcomes by the last touch before them">
      <thead>
        <tr>
          <th scope="col">Last touch</th>
          {['Outcomes', 'Of all', '95 %', ...(question.value ? ['Sum'] : [])].map((name) => (
            <th key={name} scope="col" data-align="end">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, outcomes, at }) => {
          const { of_all, n, sum } = outcomes
          return (
            <tr key={name}>
              <th scope="row">
                <bdi>{name}</bdi>
                <div className={classes.rowBar} aria-hidden>
                  <div style={{ width: `${(of_all.value ?? 0) * 100}%` }} />
                </div>
              </th>
              <NumberCell
                value={countExact(n)}
                onOpen={
                  onPoint && n > 0
                    ? () => onPoint({ place: { insight: 'last-touch', at }, label: name })
                    : undefined
                }
              />
              <NumberCell value={share(outcomes)} />
              <NumberCell
                value={
                  of_all.low === null || of_all.high === null
                    ? '–'
                    : `${percent(of_all.low)} to ${percent(of_all.high)}`
                }
                title={of_all.not_estimable ?? undefined}
              />
              {question.value && <NumberCell value={sum === null ? '–' : exactly(sum)} />}
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}
