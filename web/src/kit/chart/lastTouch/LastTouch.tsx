// To which touches are outcomes credited, the last one before each?
import type { Group, LastTouchAnswer, LastTouchQuestion, TouchedOutcomes } from '@/api/insightTypes'
import { counted, countExact } from '../../number'
import { countChange, shareChange } from '../change'
import { NumberCell, ScrollTable } from '../Table'
import type { OnPoint } from '../types'
import { fieldWords, groupHead, groupWords, pastWords, percent, sumsWritten } from '../words'
import classes from '../chart.module.css'

interface LastTouchProps {
  question: LastTouchQuestion
  answer: LastTouchAnswer
  onPoint?: OnPoint
}

export function lastTouchSummary(question: LastTouchQuestion, answer: LastTouchAnswer): string {
  if (answer.n_outcomes === 0) return 'There was no outcome in this period.'
  const [first] = answer.rows
  const before = answer.compared?.n_outcomes
  const then =
    before === undefined
      ? ''
      : ` In the ${pastWords(question)} there were ${countExact(before)} (${countChange(answer.n_outcomes, before)}).`
  const best =
    first && first.outcomes.n > 0
      ? `, most of them after ${groupWords(first.group)} (${share(first.outcomes)})`
      : ''
  return `${counted(answer.n_outcomes, 'outcome')}${best}; ${share(answer.untouched)} had no touch in time.${then}`
}

const share = ({ of_all }: TouchedOutcomes) =>
  of_all.value === null ? 'no share' : percent(of_all.value)

interface Row {
  name: string
  outcomes: TouchedOutcomes
  before: TouchedOutcomes | undefined
  at: { group: Group; shown: string[] } | { is_untouched: true }
}

/** Every touch, and the outcomes without one; beside each the same of the period before. */
function rowsOf({ rows, untouched, compared }: LastTouchAnswer): Row[] {
  const shown = rows.flatMap(({ group }) => (group.is === 'value' ? [group.value] : []))
  return [
    ...rows.map(({ group, outcomes }, place) => ({
      name: groupWords(group),
      outcomes,
      before: compared?.rows[place]?.outcomes,
      at: { group, shown },
    })),
    {
      name: 'No touch in time',
      outcomes: untouched,
      before: compared?.untouched,
      at: { is_untouched: true as const },
    },
  ]
}

export function LastTouchRows({ question, answer, onPoint }: LastTouchProps) {
  const rows = rowsOf(answer)
  const sums = sumsWritten(rows.map(({ outcomes }) => outcomes.sum))
  const heads = [
    ...['Outcomes', 'Of all', '95 %'],
    ...(question.value ? [`Sum of ${fieldWords(question.value)}`] : []),
    ...(answer.compared ? ['Before', 'Of all then', 'Change of share'] : []),
  ]
  return (
    <ScrollTable label="Outcomes by the last touch before them">
      <thead>
        <tr>
          <th scope="col">{groupHead(question.label.field)} of the last touch</th>
          {heads.map((name) => (
            <th key={name} scope="col" data-align="end">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          <TouchRow
            key={row.name}
            {...{ row, onPoint }}
            sum={question.value ? (sums[place] ?? '–') : null}
            isCompared={Boolean(answer.compared)}
          />
        ))}
      </tbody>
    </ScrollTable>
  )
}

interface TouchRowProps {
  row: Row
  sum: string | null
  isCompared: boolean
  onPoint?: OnPoint
}

function TouchRow({
  row: { name, outcomes, before, at },
  sum,
  isCompared,
  onPoint,
}: TouchRowProps) {
  const { of_all, n } = outcomes
  const open = (isBefore: boolean, count: number) =>
    onPoint && count > 0
      ? () =>
          onPoint({
            place: { insight: 'last-touch', at: isBefore ? { ...at, compared: true } : at },
            label: isBefore ? `${name}, period before` : name,
          })
      : undefined
  return (
    <tr>
      <th scope="row">
        <bdi>{name}</bdi>
        <div className={classes.rowBar} aria-hidden>
          <div style={{ width: `${(of_all.value ?? 0) * 100}%` }} />
        </div>
      </th>
      <NumberCell value={countExact(n)} onOpen={open(false, n)} />
      <NumberCell value={share(outcomes)} />
      <NumberCell
        value={
          of_all.low === null || of_all.high === null
            ? '–'
            : `${percent(of_all.low)} to ${percent(of_all.high)}`
        }
        title={of_all.not_estimable ?? undefined}
      />
      {sum !== null && <NumberCell value={sum} />}
      {isCompared && (
        <>
          <NumberCell
            muted
            value={before ? countExact(before.n) : '–'}
            onOpen={open(true, before?.n ?? 0)}
          />
          <NumberCell muted value={before ? share(before) : '–'} />
          <NumberCell value={shareChange(of_all.value, before?.of_all.value ?? null) || '–'} />
        </>
      )}
    </tr>
  )
}
