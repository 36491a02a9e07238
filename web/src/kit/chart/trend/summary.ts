// What does a trend say, in two sentences?
import type { TrendAnswer, TrendQuestion } from '@/api/insightTypes'
import { spanWhen } from '../spanNames'
import { briefly, changeWords } from '../words'
import { drawnLines, type DrawnLine } from './lines'

export function trendSummary(question: TrendQuestion, answer: TrendAnswer): string {
  const { drawn } = drawnLines(question, answer)
  const [first] = drawn
  if (!first) return 'There is nothing to draw.'
  if (drawn.length > 1) return `${ranked(drawn)}.`
  return [whole(first), extremes(question, answer, first)].filter(Boolean).join(' ')
}

function whole(line: DrawnLine): string {
  const { value, not_estimable } = line.whole
  if (value === null) return `${line.label}: ${not_estimable ?? 'no number'}.`
  const before = line.wholeBefore?.value
  const change =
    before === null || before === undefined
      ? ''
      : `, ${changeWords(value, before)} in the period before (${briefly(before)})`
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

function ranked(lines: DrawnLine[]): string {
  const known = lines.filter((line) => line.whole.value !== null)
  const sorted = [...known].sort((a, b) => (b.whole.value ?? 0) - (a.whole.value ?? 0))
  const words = sorted.slice(0, 3).map((line) => `${line.label} ${briefly(line.whole.value ?? 0)}`)
  const rest = sorted.length - words.length
  return `Over the whole period: ${words.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
}
