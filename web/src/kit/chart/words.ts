// How are events, measures, fields and groups of a question said?
import type {
  AddressPart,
  Comparison,
  EventField,
  EventTest,
  Grain,
  Group,
  GroupBy,
  Measure,
  Selection,
  Stretch,
  TestOp,
  TraitTest,
  TrendSeries,
  VersionOrder,
} from '@/api/insightTypes'
import { countExact, measure as rounded } from '../number'

/** "a", "a or b", "a, b or c". */
export function listed(items: string[], joint = 'or'): string {
  const last = items.at(-1) ?? ''
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${joint} ${last}`
}

/** Fields that have a name of their own in the trade. */
const known: Record<string, string> = {
  'context campaign.medium': 'campaign medium',
  'context campaign.source': 'campaign source',
  'context campaign.name': 'campaign',
  'context page.path': 'page',
  'context page.referrer': 'referring page',
  'context rapport.agent.device': 'device',
  'context rapport.agent.browser': 'browser',
  'context rapport.agent.os': 'operating system',
  'context locale': 'language setting',
}

export function fieldWords(field: EventField | GroupBy): string {
  switch (field.of) {
    case 'name':
      return 'event'
    case 'kind':
      return 'kind of event'
    case 'source':
      return 'source'
    case 'trait':
      return plain(field.name)
    case 'channel':
      return 'channel of the visit'
    case 'property':
    case 'context': {
      const words = known[`${field.of} ${field.path}`] ?? plain(field.path)
      return 'view' in field && field.view ? partWords(field.view, words) : words
    }
  }
}

function partWords(view: AddressPart, words: string): string {
  if (view === 'host') return `host in ${words}`
  return view === 'path' ? `path in ${words}` : words
}

/** `payment_method` → "payment method". */
const plain = (path: string) => path.replaceAll('_', ' ').replaceAll('.', ' ')

/** Some of them, and how many more there are. */
function few(values: string[], most = 5): string[] {
  if (values.length <= most + 1) return values
  return [...values.slice(0, most), `${values.length - most} more`]
}

const testWords: Record<EventTest['op'], string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  starts_with: 'begins with',
  ends_with: 'ends with',
  within: 'is within',
  yearly: 'is, in any year,',
  version: 'is',
  has: 'includes',
  equal: '=',
  less: '<',
  at_most: '≤',
  more: '>',
  at_least: '≥',
  exists: 'is given',
  missing: 'is not given',
}

export const opWords = (op: EventTest['op']) => testWords[op]

/** "payment method is paypal". */
export function oneTest(test: EventTest): string {
  return tested(partWords(test.view ?? 'whole', fieldWords(test.field)), test)
}

export const traitWords = (trait: string) => plain(trait)

/** "plan is pro". */
export const oneTraitTest = (test: TraitTest) => tested(traitWords(test.trait), test)

/** "plan is pro", of whatever it is that is compared. */
export function tested(what: string, test: TestOp): string {
  const words = `${what} ${testWords[test.op]}`
  if ('values' in test) return `${words} ${listed(few(test.values))}`
  if ('text' in test) return `${words} “${test.text}”`
  if ('value' in test) return `${words} ${rounded(test.value)}`
  if (test.op === 'version') return `${words} ${thanWords[test.than]} ${test.version}`
  if (test.op === 'yearly') return `${words} from ${test.first} to ${test.last}`
  if (test.op === 'within') return `${words} ${stretchWords(test)}`
  return words
}

const thanWords: Record<VersionOrder, string> = {
  less: 'older than',
  at_most: 'at most',
  equal: 'version',
  at_least: 'at least',
  more: 'newer than',
}

/** "2026-01-01 until 2026-02-01". */
function stretchWords(test: Stretch): string {
  const from = test.from_day ?? test.from
  const until = test.until_day ?? test.until
  return [from && `from ${from}`, until && `until ${until}`].filter(Boolean).join(' ')
}

export function namesOf(selection: Selection): string {
  return listed(selection.events ?? []) || 'any event'
}

/** "Order Completed where currency is EUR". */
export function selectionWords(selection: Selection): string {
  const tests = selection.tests ?? []
  if (tests.length === 0) return namesOf(selection)
  return `${namesOf(selection)} where ${listed(tests.map(oneTest), 'and')}`
}

export function measureWords(measure: Measure): string {
  switch (measure.is) {
    case 'events':
      return 'number of'
    case 'customers':
      return 'customers with'
    case 'events_per_customer':
      return 'times per customer of'
    case 'sum':
      return `sum of ${fieldWords(measure.of)} in`
    case 'mean':
      return `mean ${fieldWords(measure.of)} in`
    case 'min':
      return `smallest ${fieldWords(measure.of)} in`
    case 'max':
      return `largest ${fieldWords(measure.of)} in`
    case 'percentile':
      return measure.percentile === 50
        ? `median ${fieldWords(measure.of)} in`
        : `${measure.percentile} % mark of ${fieldWords(measure.of)} in`
    case 'sum_per_customer':
      return `${fieldWords(measure.of)} per customer of`
  }
}

/** "customers with Order Completed". */
export function seriesWords(series: TrendSeries): string {
  return `${measureWords(series.measure)} ${selectionWords(series.events)}`
}

export function groupWords(group: Group): string {
  if (group.is === 'all') return 'All'
  if (group.is === 'absent') return 'Not given'
  if (group.is === 'other') return group.n_values === 1 ? '1 other' : `${group.n_values} others`
  return group.value === '' ? '(empty)' : group.value
}

/** What a column of groups is called: "Device". */
export function groupHead(by: GroupBy | EventField | null | undefined): string {
  return by ? fieldWords(by).replace(/^./, (first) => first.toUpperCase()) : 'Group'
}

/** Whether a measure can only be a whole number. */
export const isCount = (measure: Measure | undefined) =>
  measure?.is === 'events' || measure?.is === 'customers'

const precise = new Intl.NumberFormat('en', { maximumFractionDigits: 6 })

/** Nothing rounded away that a person could check. */
export function exactly(value: number): string {
  return Number.isInteger(value) ? countExact(value) : precise.format(value)
}

/** Sums of one column, all with as many digits after the point as one of them needs, 2 at most. */
export function sumsWritten(sums: (number | null)[]): string[] {
  const isWhole = sums.every((sum) => sum === null || Number.isInteger(sum))
  return sums.map((sum) => (sum === null ? '–' : isWhole ? countExact(sum) : cents.format(sum)))
}

const cents = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** Three digits where it is a measurement, all of them where it counts. */
export function briefly(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 100_000) return countExact(value)
  return Math.abs(value) >= 100_000 ? short.format(value) : rounded(value)
}

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** "4.5 %", "12 %", "under 0.1 %". */
export function percent(share: number): string {
  const value = share * 100
  if (value > 0 && value < 0.1) return 'under 0.1 %'
  return `${Math.abs(value) < 10 ? trimmed(value) : Math.round(value)} %`
}

const trimmed = (value: number) => value.toFixed(1).replace(/\.0$/, '')

/** "12 % more", "a third less": how a number stands to an earlier one. */
export function changeWords(now: number, before: number): string {
  if (now === before) return 'as many as'
  if (before <= 0) return now > before ? 'more than' : 'less than'
  const change = now / before - 1
  return `${percent(Math.abs(change))} ${change > 0 ? 'more' : 'less'} than`
}

/** What an answer is compared with: "period before", "year before". */
export const pastWords = ({ compare }: { compare?: Comparison | null }) =>
  compare === 'year_before' ? 'year before' : 'period before'

/** With a capital: the name of a group may begin with a small letter, a sentence does not. */
export const beginning = (sentence: string) =>
  sentence.replace(/^./u, (first) => first.toUpperCase())

export const grainWords: Record<Grain, string> = {
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
}
