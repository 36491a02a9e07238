// Which columns of an answer can be drawn, and how: what along, what up, as a line or as bars?
import { kindOf, timeText } from './cells'
import type { Cell, SqlAnswer } from './types'

export type Drawing = 'line' | 'bar'

export interface ChartChoice {
  /** The column along the axis below. */
  x: number
  /** The columns drawn, at most six. */
  ys: number[]
  as: Drawing
}

export const SERIES_MAX = 6
/** More bars than this are no bars any more; more points of a line than this are no line. */
export const DRAWN_MAX: Record<Drawing, number> = { bar: 60, line: 2_000 }

export function numberColumns({ columns }: SqlAnswer): number[] {
  return columns.flatMap(({ type }, i) => (kindOf(type) === 'number' ? [i] : []))
}

/** What is drawn before anybody chooses; null where there is nothing to draw. */
export function firstChoice(answer: SqlAnswer): ChartChoice | null {
  const numbers = numberColumns(answer)
  if (numbers.length === 0 || answer.rows.length === 0) return null
  const others = answer.columns.map((_, i) => i).filter((i) => !numbers.includes(i))
  const time = others.find((i) => isTime(answer, i))
  const x = time ?? others[0] ?? numbers[0]!
  const ys = numbers.filter((i) => i !== x && !/(^|_)id$/i.test(answer.columns[i]!.name))
  const y = ys[0] ?? numbers.find((i) => i !== x)
  if (y === undefined) return null
  return { x, ys: [y], as: time === undefined ? 'bar' : 'line' }
}

/** Whether a column goes along a line of time. */
export function isTime({ columns }: SqlAnswer, i: number): boolean {
  const type = columns[i]?.type ?? ''
  return kindOf(type) === 'time' || /^DATE/i.test(type)
}

/** The choice where the answer still has its columns, else the first one. */
export function choiceFor(answer: SqlAnswer, chosen: ChartChoice | null): ChartChoice | null {
  const numbers = numberColumns(answer)
  const fits =
    chosen !== null &&
    chosen.x < answer.columns.length &&
    chosen.ys.length > 0 &&
    chosen.ys.every((y) => numbers.includes(y))
  return fits ? chosen : firstChoice(answer)
}

export interface Drawn {
  labels: string[]
  /** Milliseconds, where the axis below is time. */
  times: number[] | null
  series: { name: string; values: (number | null)[] }[]
  n_rows: number
  /** Rows that are not drawn, because there are too many. */
  n_left: number
}

export function drawn(answer: SqlAnswer, { x, ys, as }: ChartChoice): Drawn {
  const rows = answer.rows.slice(0, DRAWN_MAX[as])
  const isTimes = as === 'line' && isTime(answer, x)
  const ordered = isTimes ? [...rows].sort((a, b) => moment(a[x]) - moment(b[x])) : rows
  return {
    labels: ordered.map((row) => labelOf(answer, x, row[x] ?? null)),
    times: isTimes ? ordered.map((row) => moment(row[x])) : null,
    series: ys.map((y) => ({
      name: answer.columns[y]!.name,
      values: ordered.map((row) => numberOf(row[y] ?? null)),
    })),
    n_rows: rows.length,
    n_left: answer.rows.length - rows.length,
  }
}

const moment = (cell: Cell | undefined) => Date.parse(String(cell))

function labelOf(answer: SqlAnswer, x: number, cell: Cell): string {
  if (cell === null) return 'null'
  return isTime(answer, x) ? timeText(cell) : String(cell)
}

function numberOf(cell: Cell): number | null {
  if (cell === null || cell === '') return null
  const value = Number(cell)
  return Number.isFinite(value) ? value : null
}
