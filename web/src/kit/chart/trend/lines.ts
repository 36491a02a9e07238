// Which lines does a trend draw, in which order, under which names?
import type { Measure, TrendAnswer, TrendLine, TrendQuestion, TrendValue } from '@/api/insightTypes'
import { groupWords, isCount, seriesWords } from '../words'

/** More lines than this nobody tells apart. */
export const LINES_MAX = 6

export interface DrawnLine {
  label: string
  /** Its place among the colours; null for "other" and "not given". */
  color: number | null
  /** The place of the series; null for the formula, behind which there is nobody to list. */
  series: number | null
  group: number
  points: TrendValue[]
  whole: TrendValue
  /** The same in the period before, span by span. */
  before: TrendValue[] | null
  wholeBefore: TrendValue | null
  /** It counts events or customers, so that a number of it is a whole number. */
  counts: boolean
  /** Its groups add up: a bar may stand on another. */
  adds: boolean
}

export interface Lines {
  drawn: DrawnLine[]
  /** What only the table shows. */
  n_left: number
}

/** Every line of the answer, in its order. With a formula, the formula alone. */
export function allLines(question: TrendQuestion, answer: TrendAnswer): DrawnLine[] {
  const { formula, breakdown } = question
  const wanted = answer.lines.map((line, at) => ({ line, at }))
  const shown = formula ? wanted.filter(({ line }) => line.series === null) : wanted
  return shown.map(({ line, at }) => {
    const series = line.series === null ? undefined : question.series[line.series]
    const group = answer.groups[line.group] ?? { is: 'all' as const }
    const isOneOfMany = question.series.length > 1 && !formula
    const what = series ? seriesWords(series) : (formula ?? '')
    return {
      label: nameOf(what, breakdown ? groupWords(group) : null, isOneOfMany),
      color: group.is === 'other' || group.is === 'absent' ? null : 0,
      series: line.series,
      group: line.group,
      points: line.points,
      whole: line.whole,
      ...beforeOf(answer.compared?.lines[at]),
      ...kindOf(series?.measure),
    }
  })
}

const beforeOf = (line: TrendLine | undefined) => ({
  before: line?.points ?? null,
  wholeBefore: line?.whole ?? null,
})

const kindOf = (measure: Measure | undefined) => ({
  counts: isCount(measure),
  adds: measure?.is === 'events' || measure?.is === 'sum',
})

function nameOf(what: string, group: string | null, isOneOfMany: boolean): string {
  if (group === null) return capital(what)
  return isOneOfMany ? `${group} · ${what}` : group
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** The six that weigh most get a colour; other and "not given" stay grey. */
export function drawnLines(question: TrendQuestion, answer: TrendAnswer): Lines {
  const all = allLines(question, answer)
  const own = all.filter((line) => line.color !== null)
  const grey = all.filter((line) => line.color === null)
  const weighed = [...own].sort((a, b) => (b.whole.value ?? 0) - (a.whole.value ?? 0))
  const kept = new Set(weighed.slice(0, LINES_MAX))
  const drawn = own.filter((line) => kept.has(line)).map((line, color) => ({ ...line, color }))
  const restShown = grey.slice(0, 2)
  return { drawn: [...drawn, ...restShown], n_left: all.length - drawn.length - restShown.length }
}
