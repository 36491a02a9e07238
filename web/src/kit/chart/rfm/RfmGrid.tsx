// Who came lately, often, and for much? One field for every pair of scores.
import { useState } from 'react'
import type { Group, RfmAnswer, RfmNumbers, RfmQuestion } from '@/api/insightTypes'
import { counted, countExact } from '../../number'
import { countChange } from '../change'
import { GroupTabs } from '../GroupTabs'
import { heatStyle } from '../heat'
import { ScrollTable } from '../Table'
import type { OnPoint } from '../types'
import { briefly, fieldWords, groupWords, pastWords, percent } from '../words'
import classes from '../chart.module.css'

interface RfmGridProps {
  question: RfmQuestion
  answer: RfmAnswer
  onPoint?: OnPoint
}

export function rfmSummary(question: RfmQuestion, answer: RfmAnswer): string {
  const { n_customers, cells } = answer
  if (n_customers === 0) return 'Nobody did this in the period.'
  const highest = Math.max(...cells.map((cell) => cell.recency))
  const often = Math.max(...cells.map((cell) => cell.frequency))
  const best = cells.find((cell) => cell.recency === highest && cell.frequency === often)
  const lost = cells
    .filter((cell) => cell.recency === 1 && cell.frequency > often / 2)
    .reduce((sum, cell) => sum + cell.n, 0)
  const before = answer.compared?.n_customers
  const then =
    before === undefined
      ? ''
      : ` In the ${pastWords(question)} there were ${countExact(before)} (${countChange(n_customers, before)}).`
  return `${counted(n_customers, 'customer')}: ${countExact(best?.n ?? 0)} came lately and often; ${countExact(lost)} used to come often and have not been seen for long.${then}`
}

/** "0 to 14 days ago": between which edges a score lies; the highest score is the latest. */
function recencyWords(edges: number[], score: number): string {
  const at = edges.length + 1 - score
  const [low, high] = [edges[at - 1], edges[at]]
  if (low === undefined) return high === undefined ? 'any time' : `up to ${briefly(high)} days ago`
  return high === undefined
    ? `over ${briefly(low)} days ago`
    : `${briefly(low)} to ${briefly(high)} days ago`
}

/** "once", "2 to 3 times", "over 8 times"; null where no whole number lies between the edges. */
export function frequencyWords(edges: number[], score: number): string | null {
  const from = Math.floor(edges[score - 2] ?? 0) + 1
  const edge = edges[score - 1]
  if (edge === undefined) return from === 1 ? 'any number of times' : `${from} times and more`
  const to = Math.floor(edge)
  if (from > to) return null
  if (from < to) return `${from} to ${to} times`
  return from === 1 ? 'once' : `${from} times`
}

export function RfmGrid({ question, answer, onPoint }: RfmGridProps) {
  const [chosen, setChosen] = useState<number | null>(null)
  const { scale } = answer
  const { groups } = answer
  const drawn = drawnOf(answer, chosen)
  const recencies = scores(scale.recency_days).reverse()
  const frequencies = scores(scale.frequency).flatMap((score) => {
    const words = frequencyWords(scale.frequency, score)
    return words === null ? [] : [{ score, words }]
  })
  const most = Math.max(1, ...drawn.now.cells.map((cell) => cell.n))
  return (
    <div>
      {groups.length > 0 && (
        <GroupTabs groups={groups.map(({ group }) => group)} chosen={chosen} onChoose={setChosen} />
      )}
      <ScrollTable label="Customers by how lately and how often they came">
        <thead>
          <tr>
            <th scope="col">Last time</th>
            {frequencies.map(({ score, words }) => (
              <th key={score} scope="col" data-align="end">
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {recencies.map((recency) => (
            <tr key={recency}>
              <th scope="row">{recencyWords(scale.recency_days, recency)}</th>
              {frequencies.map(({ score: frequency, words }) => (
                <Square
                  key={frequency}
                  {...{ question, drawn, onPoint, most, recency, frequency }}
                  label={`${recencyWords(scale.recency_days, recency)}, ${words}`}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <About {...{ question, answer }} n_hidden={scale.frequency.length + 1 - frequencies.length} />
    </div>
  )
}

/** The numbers of all customers or of one group, and the same of the period before. */
interface Drawn {
  now: RfmNumbers
  before: RfmNumbers | null
  group: Group | null
  shown: string[]
}

function drawnOf(answer: RfmAnswer, place: number | null): Drawn {
  const { groups } = answer
  const one = place === null ? undefined : groups[place]
  if (!one) return { now: answer, before: answer.compared, group: null, shown: [] }
  const shown = groups.flatMap(({ group }) => (group.is === 'value' ? [group.value] : []))
  return { now: one, before: answer.compared?.groups[place ?? 0] ?? null, group: one.group, shown }
}

interface SquareProps extends Pick<RfmGridProps, 'question' | 'onPoint'> {
  drawn: Drawn
  most: number
  recency: number
  frequency: number
  label: string
}

function Square(props: SquareProps) {
  const { question, drawn, onPoint, most, recency, frequency, label } = props
  const { group, shown } = drawn
  const same = (cell: Cell) => cell.recency === recency && cell.frequency === frequency
  const cell = drawn.now.cells.find(same)
  const before = drawn.before?.cells.find(same)
  const n = cell?.n ?? 0
  const named = group ? `${groupWords(group)}, ${label}` : label
  const open = (isBefore: boolean) => () =>
    onPoint?.({
      place: {
        insight: 'rfm',
        at: {
          ...{ recency, frequency },
          ...(group && { group, shown }),
          ...(isBefore && { compared: true }),
        },
      },
      label: isBefore ? `${named}, ${pastWords(question)}` : named,
    })
  return (
    <td
      data-align="end"
      className={classes.square}
      style={heatStyle(n / most)}
      title={`${percent(drawn.now.n_customers > 0 ? n / drawn.now.n_customers : 0)} of all`}
    >
      <Count n={n} onOpen={onPoint && open(false)} />
      {cell?.money && cell.money.value !== null && (
        <div className={classes.small}>ø {briefly(cell.money.value)}</div>
      )}
      {before && (
        <div className={classes.small}>
          before <Count n={before.n} onOpen={onPoint && open(true)} /> ({difference(n - before.n)})
        </div>
      )}
    </td>
  )
}

function Count({ n, onOpen }: { n: number; onOpen?: () => void }) {
  if (!onOpen || n === 0) return <>{countExact(n)}</>
  return (
    <button type="button" className={classes.cell} data-plain onClick={onOpen}>
      {countExact(n)}
    </button>
  )
}

type AboutProps = Pick<RfmGridProps, 'question' | 'answer'> & { n_hidden: number }

/** What stands in the squares, and why there may be fewer of them than scores. */
function About({ question, answer, n_hidden }: AboutProps) {
  const what = question.money
    ? `In each square: customers, and ø their mean ${fieldWords(question.money)}.`
    : 'In each square: customers.'
  const way = ' Lately above, often to the right.'
  const then = answer.compared
    ? ` In brackets, by how many there are more or fewer than in the ${pastWords(question)}.`
    : ''
  const hidden =
    n_hidden > 0
      ? ` ${n_hidden === 1 ? 'One score of frequency is' : `${n_hidden} scores of frequency are`} left out: so many customers came equally often that nobody can have ${n_hidden === 1 ? 'it' : 'them'}.`
      : ''
  return (
    <p className={classes.aside}>
      {what}
      {way}
      {then}
      {hidden}
    </p>
  )
}

/** "+12", "−3", "±0". */
const difference = (n: number) =>
  n === 0 ? '±0' : `${n > 0 ? '+' : '−'}${countExact(Math.abs(n))}`

type Cell = RfmAnswer['cells'][number]

const scores = (edges: number[]) => Array.from({ length: edges.length + 1 }, (_, at) => at + 1)
