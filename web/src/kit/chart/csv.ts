// How does an answer become a table for a spreadsheet?
import type {
  FunnelAnswer,
  FunnelQuestion,
  StoredAnswer,
  StoredQuestion,
  TrendAnswer,
  TrendQuestion,
} from '@/api/insightTypes'
import {
  lastTouchRows,
  lifecycleRows,
  pathsRows,
  retentionRows,
  rfmRows,
  stickinessRows,
  visitsRows,
  type Rows,
} from './csvRows'
import { stepName } from './funnel/words'
import { paired } from './paired'
import { allLines } from './trend/lines'
import { groupWords } from './words'

/** RFC 4180, with numbers as they are and nothing where there is no number. */
export function csvOf(question: StoredQuestion, answer: StoredAnswer): string {
  return rowsOf(question, answer)
    .map((row) => row.map(written).join(','))
    .join('\r\n')
    .concat('\r\n')
}

function rowsOf(question: StoredQuestion, answer: StoredAnswer): Rows {
  const rows = paired<Rows>(question, answer, {
    trend: trendRows,
    funnel: funnelRows,
    retention: retentionRows,
    paths: pathsRows,
    visits: visitsRows,
    lifecycle: (_, answer) => lifecycleRows(answer),
    stickiness: (_, answer) => stickinessRows(answer),
    rfm: (_, answer) => rfmRows(answer),
    'last-touch': (_, answer) => lastTouchRows(answer),
  })
  return rows ?? []
}

function trendRows(question: TrendQuestion, answer: TrendAnswer): Rows {
  const lines = allLines(question, answer)
  const head = [question.grain, 'begins_at', 'is_whole', 'line', 'value', 'low', 'high', 'n']
  const rows: Rows = lines.flatMap((line) =>
    answer.spans.map((span, at) => {
      const point = line.points[at]
      const common = [span.name, span.begin, String(span.is_whole), line.label]
      const now = [point?.value, point?.low, point?.high, point?.n]
      return answer.compared ? [...common, ...now, line.before?.[at]?.value] : [...common, ...now]
    }),
  )
  return [answer.compared ? [...head, 'value_before'] : head, ...rows]
}

function funnelRows(question: FunnelQuestion, answer: FunnelAnswer): Rows {
  const groups = [
    { name: 'All', of: answer.all },
    ...(answer.compared ? [{ name: 'All, period before', of: answer.compared }] : []),
    ...answer.groups.map((of) => ({ name: groupWords(of.group), of })),
    ...answer.compared_groups.map((of) => ({ name: `${groupWords(of.group)}, period before`, of })),
  ]
  const head = [
    ...['group', 'step', 'event', 'n', 'n_dropped', 'share_of_first', 'low', 'high'],
    'median_seconds',
  ]
  return [
    head,
    ...groups.flatMap(({ name, of }) =>
      of.steps.map((step, at) => [
        ...[name, at + 1, stepName(question, at), step.n, step.n_dropped],
        ...[step.of_first.value, step.of_first.low, step.of_first.high],
        step.took?.median_seconds,
      ]),
    ),
  ]
}

/** A text that a spreadsheet would take for a formula is kept a text. */
function written(cell: Rows[number][number]): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
