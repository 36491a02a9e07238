// Who came lately, often, and for much? One field for every pair of scores.
import type { RfmAnswer, RfmQuestion } from '@/api/insightTypes'
import { counted, countExact } from '../../number'
import { heatStyle } from '../heat'
import { ScrollTable } from '../Table'
import type { OnPoint } from '../types'
import { briefly, percent } from '../words'
import classes from '../chart.module.css'

interface RfmGridProps {
  question: RfmQuestion
  answer: RfmAnswer
  onPoint?: OnPoint
}

export function rfmSummary(answer: RfmAnswer): string {
  const { n_customers, cells } = answer
  if (n_customers === 0) return 'Nobody did this in the period.'
  const highest = Math.max(...cells.map((cell) => cell.recency))
  const often = Math.max(...cells.map((cell) => cell.frequency))
  const best = cells.find((cell) => cell.recency === highest && cell.frequency === often)
  const lost = cells
    .filter((cell) => cell.recency === 1 && cell.frequency > often / 2)
    .reduce((sum, cell) => sum + cell.n, 0)
  return `${counted(n_customers, 'customer')}: ${countExact(best?.n ?? 0)} came lately and often; ${countExact(lost)} used to come often and have not been seen for long.`
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

export function RfmGrid({ answer, onPoint }: RfmGridProps) {
  const { scale, cells, n_customers } = answer
  const recencies = scores(scale.recency_days).reverse()
  const frequencies = scores(scale.frequency).flatMap((score) => {
    const words = frequencyWords(scale.frequency, score)
    return words === null ? [] : [{ score, words }]
  })
  const n_hidden = scale.frequency.length + 1 - frequencies.length
  const most = Math.max(1, ...cells.map((cell) => cell.n))
  return (
    <>
      <ScrollTable label="Customers by how lately and how often they came">
        <thead>
          <tr>
            <th scope="col">Last came</th>
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
              {frequencies.map(({ score: frequency, words }) => {
                const cell = cells.find(
                  (one) => one.recency === recency && one.frequency === frequency,
                )
                const n = cell?.n ?? 0
                const label = `${recencyWords(scale.recency_days, recency)}, ${words}`
                return (
                  <td
                    key={frequency}
                    data-align="end"
                    className={classes.square}
                    style={heatStyle(n / most)}
                    title={`${percent(n_customers > 0 ? n / n_customers : 0)} of all`}
                  >
                    {onPoint && n > 0 ? (
                      <button
                        type="button"
                        className={classes.cell}
                        data-plain
                        onClick={() =>
                          onPoint({ place: { insight: 'rfm', at: { recency, frequency } }, label })
                        }
                      >
                        {countExact(n)}
                      </button>
                    ) : (
                      countExact(n)
                    )}
                    {cell?.money && cell.money.value !== null && (
                      <div className={classes.small}>ø {briefly(cell.money.value)}</div>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {n_hidden > 0 && (
        <p className={classes.aside}>
          {n_hidden === 1 ? 'One score of frequency is' : `${n_hidden} scores of frequency are`}{' '}
          left out: so many customers came equally often that nobody can have{' '}
          {n_hidden === 1 ? 'it' : 'them'}.
        </p>
      )}
    </>
  )
}

const scores = (edges: number[]) => Array.from({ length: edges.length + 1 }, (_, at) => at + 1)
