// Which rows of numbers does each answer have?
import type {
  Estimate,
  LastTouchAnswer,
  LifecycleAnswer,
  PathsAnswer,
  PathsQuestion,
  RetentionAnswer,
  RetentionQuestion,
  RfmAnswer,
  StickinessAnswer,
  VisitsAnswer,
  VisitsNumbers,
  VisitsQuestion,
} from '@/api/insightTypes'
import { pathStepWords } from './paths/words'
import { columnName } from './retention/words'
import { groupWords } from './words'

type Cell = string | number | null | undefined
export type Rows = Cell[][]

const spread = ({ value, low, high }: Estimate): Cell[] => [value, low, high]

export function retentionRows(question: RetentionQuestion, answer: RetentionAnswer): Rows {
  const head = ['group', 'began', 'n_began', 'column', 'n_back', 'share', 'low', 'high', 'is_over']
  const rows = [answer.all, ...answer.groups].flatMap(({ group, cohorts }) =>
    cohorts.flatMap((cohort) =>
      cohort.cells.flatMap((cell, at) => {
        const column = answer.columns[at]
        if (!cell || !column) return []
        const name = columnName(column, question)
        const of = [groupWords(group), cohort.name, cohort.n, name, cell.n]
        const worth = question.value ? [cell.worth?.sum, cell.worth?.per_customer.value] : []
        return [[...of, ...spread(cell.of_cohort), String(cell.is_over), ...worth]]
      }),
    ),
  )
  return [question.value ? [...head, 'sum', 'per_customer'] : head, ...rows]
}

export function pathsRows(question: PathsQuestion, answer: PathsAnswer): Rows {
  const way = question.anchor.is === 'to' ? 'previous' : 'next'
  return [
    ['level', 'step', way, 'n_paths'],
    ...answer.links.map(({ level, from, to, n }) => {
      const step = answer.levels[level]?.[from]?.step
      const next = answer.levels[level + 1]?.[to]?.step
      return [level + 1, step && pathStepWords(step), next && pathStepWords(next), n]
    }),
  ]
}

export function visitsRows(_: VisitsQuestion, answer: VisitsAnswer): Rows {
  const numbers = (of: VisitsNumbers): Cell[] => [
    ...[of.n_visits, of.n_visitors, of.n_views, of.bounce.value, of.views_per_visit.value],
    of.duration_seconds.value,
  ]
  const head = ['visits', 'visitors', 'page_views', 'bounce', 'views_per_visit', 'seconds']
  return [
    ['what', 'name', ...head],
    ['all', '', ...numbers(answer.all)],
    ...(answer.compared ? [['all, period before', '', ...numbers(answer.compared.all)]] : []),
    ...answer.rows.map(({ group, visits }) => ['group', groupWords(group), ...numbers(visits)]),
    ...answer.series.map(({ name, visits }) => ['time', name, ...numbers(visits)]),
  ]
}

export function lifecycleRows(answer: LifecycleAnswer): Rows {
  return [
    ['span', 'is_whole', 'active', 'new', 'returning', 'resurrecting', 'dormant', 'kept'],
    ...answer.spans.map((span) => [
      ...[span.name, String(span.is_whole), span.n_active, span.n_new, span.n_returning],
      ...[span.n_resurrecting, span.n_dormant, span.kept.value],
    ]),
  ]
}

export function stickinessRows(answer: StickinessAnswer): Rows {
  return [
    ['span', 'is_whole', 'days', 'customers'],
    ...answer.spans.flatMap((span) =>
      span.n_by_days.map((n, at) => [span.name, String(span.is_whole), at + 1, n]),
    ),
  ]
}

export function rfmRows(answer: RfmAnswer): Rows {
  return [
    ['recency', 'frequency', 'customers', 'mean_money', 'low', 'high'],
    ...answer.cells.map(({ recency, frequency, n, money }) => [
      ...[recency, frequency, n],
      ...(money ? spread(money) : [null, null, null]),
    ]),
  ]
}

export function lastTouchRows(answer: LastTouchAnswer): Rows {
  const row = (name: string, { n, of_all, sum }: LastTouchAnswer['untouched']): Cell[] => [
    name,
    n,
    ...spread(of_all),
    sum,
  ]
  return [
    ['last_touch', 'outcomes', 'share', 'low', 'high', 'sum'],
    ...answer.rows.map(({ group, outcomes }) => row(groupWords(group), outcomes)),
    row('No touch in time', answer.untouched),
  ]
}
