// What does a trend say, in two sentences?
import type { TrendAnswer, TrendQuestion } from '@/api/insightTypes'
import { spanWhen } from '../spanNames'
import { countChange } from '../change'
import { briefly, changeWords, pastWords } from '../words'
import { drawnLines, type DrawnLine } from './lines'

export function trendSummary(question: TrendQuestion, answer: TrendAnswer): string {
  const { drawn } = drawnLines(question, answer)
  const [first] = drawn
  if (!first) return 'There is nothing to draw.'
  if (drawn.length > 1) return `${ranked(drawn)}.`
  return [whole(first, pastWords(question)), extremes(question, answer, first)]
    .filter(Boolean)
    .join(' ')
}

function whole(line: DrawnLine, past: string): string {
  const { value, not_estimable } = line.whole
  if (value === null) return `${line.label}: ${not_estimable ?? 'no number'}.`
  const before = line.wholeBefore?.value
  const change =
    before === null || before === undefined
      ? ''
      : `, ${changeWords(value, before)} in the ${past} (${briefly(before)})`
  return `${line.label}: ${briefly(value)} over the whole period${change}.`
}

function extremes(question: TrendQuestion, answer: TrendAnswer, line: DrawnLine): string {
  const zone = question.clock?.time_zone ?? 'UTC'
  const known = line.points.flatMap((point, at) => {
    const span = answer.spans[at]
    return point.value === null || !span?.is_whole ? [] : [{ value: point.value, span }]
  })
  if (known.length < 3) return ''
  const most = known.reduce((best, one) => (one.value > best.value ? one : best))
  const least = known.reduce((best, one) => (one.value < best.value ? one : best))
  if (most.value === least.value) return `The same in every ${question.grain}.`
  const named = (one: typeof most) => spanWhen(one.span, question.grain, zone)
  return `Most ${named(most)} (${briefly(most.value)}), least ${named(least)} (${briefly(least.value)}).`
}

/** The values by weight; what has no value of its own comes last, however much it is. */
function ranked(lines: DrawnLine[]): string {
  const known = lines.filter((line) => line.whole.value !== null)
  const own = known.filter((line) => line.color !== null).sort((a, b) => weight(b) - weight(a))
  const grey = known.filter((line) => line.color === null)
  const first = own.slice(0, 3).map(standing)
  const n_more = own.length - first.length
  const said = [...first, ...(n_more > 0 ? [`and ${n_more} more`] : [])].join('; ')
  const rest = grey.map(standing).join('; ')
  return `Over the whole period: ${[said, rest].filter(Boolean).join('. ')}`
}

const weight = (line: DrawnLine) => line.whole.value ?? 0

/** "email 98 (+12 %)". */
function standing(line: DrawnLine): string {
  const before = line.wholeBefore?.value
  const change =
    before === null || before === undefined ? '' : ` (${countChange(weight(line), before)})`
  return `${line.label} ${briefly(weight(line))}${change}`
}
