// Which rows of numbers does each answer have?
import type {
  Estimate,
  Group,
  LastTouchAnswer,
  LastTouchNumbers,
  LifecycleAnswer,
  LifecycleOfGroup,
  LifecycleSpan,
  PathsAnswer,
  PathsNumbers,
  PathsQuestion,
  RetentionAnswer,
  RetentionQuestion,
  RfmAnswer,
  RfmNumbers,
  RfmOfGroup,
  StickinessAnswer,
  StickinessNumbers,
  StickinessOfGroup,
  TouchedOutcomes,
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

/** The numbers of one group now, or as they were in the period before. */
interface Part<Of> {
  group: Group
  period: 'now' | 'before'
  of: Of
}

const everybody: Group = { is: 'all' }

/** All together and every group, each now and before, where the answer has these. */
function partsOf<Of, Grouped extends Of & { group: Group }>(
  now: { all: Of; groups: Grouped[] },
  then: { all: Of; groups: Grouped[] } | null,
): Part<Of>[] {
  const parts = ({ all, groups }: typeof now, period: Part<Of>['period']): Part<Of>[] => [
    { group: everybody, period, of: all },
    ...groups.map((of) => ({ group: of.group, period, of })),
  ]
  return [...parts(now, 'now'), ...(then ? parts(then, 'before') : [])]
}

const PART = ['group', 'period']
const partCells = ({ group, period }: Part<unknown>): Cell[] => [groupWords(group), period]

export function retentionRows(question: RetentionQuestion, answer: RetentionAnswer): Rows {
  const head = [...PART, 'began', 'n_began', 'column', 'n_back', 'share', 'low', 'high', 'is_over']
  const rows = partsOf(answer, answer.compared).flatMap((part) =>
    part.of.cohorts.flatMap((cohort) =>
      cohort.cells.flatMap((cell, at) => {
        const column = answer.columns[at]
        if (!cell || !column) return []
        const name = columnName(column, question)
        const of = [...partCells(part), cohort.name, cohort.n, name, cell.n]
        const worth = question.value ? [cell.worth?.sum, cell.worth?.per_customer.value] : []
        return [[...of, ...spread(cell.of_cohort), String(cell.is_over), ...worth]]
      }),
    ),
  )
  return [question.value ? [...head, 'sum', 'per_customer'] : head, ...rows]
}

export function pathsRows(question: PathsQuestion, answer: PathsAnswer): Rows {
  const way = question.anchor.is === 'to' ? 'previous' : 'next'
  const links = ({ levels, links }: PathsNumbers, period: string): Rows =>
    links.map(({ level, from, to, n }) => {
      const step = levels[level]?.[from]?.step
      const next = levels[level + 1]?.[to]?.step
      return [period, level + 1, step && pathStepWords(step), next && pathStepWords(next), n]
    })
  return [
    ['period', 'level', 'step', way, 'n_paths'],
    ...links(answer, 'now'),
    ...(answer.compared ? links(answer.compared, 'before') : []),
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
    ...(answer.compared?.rows ?? []).map(({ group, visits }) => [
      ...['group, period before', groupWords(group)],
      ...numbers(visits),
    ]),
    ...answer.series.map(({ name, visits }) => ['time', name, ...numbers(visits)]),
  ]
}

export function lifecycleRows(answer: LifecycleAnswer): Rows {
  const then = answer.compared
  const parts = partsOf<{ spans: LifecycleSpan[] }, LifecycleOfGroup>(
    { all: answer, groups: answer.groups },
    then && { all: then, groups: then.groups },
  )
  return [
    [
      ...PART,
      ...['span', 'is_whole', 'active', 'new', 'returning', 'resurrecting', 'dormant', 'kept'],
    ],
    ...parts.flatMap((part) =>
      part.of.spans.map((span) => [
        ...partCells(part),
        ...[span.name, String(span.is_whole), span.n_active, span.n_new, span.n_returning],
        ...[span.n_resurrecting, span.n_dormant, span.kept.value],
      ]),
    ),
  ]
}

export function stickinessRows(answer: StickinessAnswer): Rows {
  const then = answer.compared
  const parts = partsOf<StickinessNumbers, StickinessOfGroup>(
    { all: answer, groups: answer.groups },
    then && { all: then, groups: then.groups },
  )
  return [
    [...PART, 'span', 'is_whole', 'days', 'customers'],
    ...parts.flatMap((part) =>
      part.of.spans.flatMap((span) =>
        span.n_by_days.map((n, at) => [
          ...[...partCells(part), span.name, String(span.is_whole), at + 1, n],
        ]),
      ),
    ),
  ]
}

export function rfmRows(answer: RfmAnswer): Rows {
  const then = answer.compared
  const parts = partsOf<RfmNumbers, RfmOfGroup>(
    { all: answer, groups: answer.groups },
    then && { all: then, groups: then.groups },
  )
  return [
    [...PART, 'recency', 'frequency', 'customers', 'mean_money', 'low', 'high'],
    ...parts.flatMap((part) =>
      part.of.cells.map(({ recency, frequency, n, money }) => [
        ...[...partCells(part), recency, frequency, n],
        ...(money ? spread(money) : [null, null, null]),
      ]),
    ),
  ]
}

export function lastTouchRows(answer: LastTouchAnswer): Rows {
  const row = (period: string, name: string, of: TouchedOutcomes): Cell[] => [
    ...[period, name, of.n],
    ...spread(of.of_all),
    of.sum,
  ]
  const rows = ({ rows, untouched }: LastTouchNumbers, period: string): Rows => [
    ...rows.map(({ group, outcomes }) => row(period, groupWords(group), outcomes)),
    row(period, 'No touch in time', untouched),
  ]
  return [
    ['period', 'last_touch', 'outcomes', 'share', 'low', 'high', 'sum'],
    ...rows(answer, 'now'),
    ...(answer.compared ? rows(answer.compared, 'before') : []),
  ]
}
