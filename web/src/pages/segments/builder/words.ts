// How are the parts of a condition said? Each is a word or two of the sentence.
import type {
  DateTest,
  Fact,
  FactCriterion,
  FactOp,
  Joint,
  NumberTest,
  Quantity,
  VersionThan,
  Window,
} from '@/api/definitionTypes'
import type { Period, TestOp } from '@/api/insightTypes'
import { countryName } from '@/kit/CountryName'
import {
  exactly,
  fieldWords,
  listed,
  namesOf,
  opWords,
  percent,
  tested,
  traitWords,
} from '@/kit/chart/words'
import { periodWords } from '@/pages/ask/periods'
import { fromTo } from './lengths'

export const quoted = (text: string) => `“${text}”`

/** How conditions of a group go together. */
export const jointWords: Record<Joint, { lead: string; between: string; choice: string }> = {
  all: { lead: 'all of these hold', between: 'and', choice: 'and: all of them hold' },
  any: { lead: 'at least one of these holds', between: 'or', choice: 'or: at least one holds' },
  none: { lead: 'none of these holds', between: 'nor', choice: 'nor: none of them holds' },
}

export function windowWords(window: Window): string {
  switch (window.is) {
    case 'ever':
      return 'at any time'
    case 'last':
      return `in the last ${window.length}`
    case 'longer_ago':
      return `longer than ${window.length} ago`
    case 'ago':
      return fromTo(window.from, window.to)
    case 'period':
      return spanWords(window.period)
    case 'since':
      return `since their ${window.which} ${namesOf(window.events)}`
  }
}

/** "in the last 3 whole months", "from 1 Jan 2026 to 31 Jan 2026". */
function spanWords(period: Period): string {
  if (period.kind === 'between') return `from ${periodWords(period)}`
  const { n, grain, current } = period
  if (current) return n === 1 ? `this ${grain} so far` : `in the last ${n} ${grain}s with this one`
  return n === 1 ? `in the last whole ${grain}` : `in the last ${n} whole ${grain}s`
}

/** What is counted, as the verb of the sentence: "have", "have a sum of revenue". */
export function verbWords(measure: Quantity): string {
  switch (measure.is) {
    case 'times':
    case 'days':
      return 'have'
    case 'days_since_last':
      return 'last had'
    case 'days_since_first':
      return 'first had'
    case 'sum':
      return `have a sum of ${fieldWords(measure.of)}`
    case 'mean':
      return `have an average ${fieldWords(measure.of)}`
    case 'least':
      return `have a smallest ${fieldWords(measure.of)}`
    case 'greatest':
      return `have a largest ${fieldWords(measure.of)}`
    case 'distinct':
      return `have a number of different values of ${fieldWords(measure.by.field)}`
  }
}

/** Whether the number stands before the event: "a sum of revenue of more than 100 in …". */
export const isValueMeasure = ({ is }: Quantity) =>
  is === 'sum' || is === 'mean' || is === 'least' || is === 'greatest' || is === 'distinct'

/** "at least 2 times", "on at least 3 days", "of more than 100", "more than 14 days ago". */
export function numberWords(measure: Quantity, number: NumberTest): string {
  if (isValueMeasure(measure)) return `of ${compared(number)}`
  if (measure.is === 'times') return timesWords(number)
  const words = `${compared(number)} ${isOne(number) ? 'day' : 'days'}`
  return measure.is === 'days' ? `on ${words}` : `${words} ago`
}

function timesWords(number: NumberTest): string {
  if (number.op === 'at_least' && number.value === 1) return 'at least once'
  if (number.op === 'equal' && number.value === 1) return 'exactly once'
  if (number.op === 'at_most' && number.value === 1) return 'at most once'
  if (number.op === 'less') return `fewer than ${exactly(number.value)} times`
  return `${compared(number)} ${isOne(number) ? 'time' : 'times'}`
}

const isOne = (number: NumberTest) => number.op !== 'between' && number.value === 1

const numberOps: Record<Exclude<NumberTest['op'], 'between'>, string> = {
  equal: 'exactly',
  not_equal: 'not exactly',
  less: 'less than',
  at_most: 'at most',
  more: 'more than',
  at_least: 'at least',
}

export const numberOpWords = (op: NumberTest['op']) =>
  op === 'between' ? 'between' : numberOps[op]

export function compared(number: NumberTest): string {
  if (number.op === 'between') return `${exactly(number.low)} to ${exactly(number.high)}`
  return `${numberOps[number.op]} ${exactly(number.value)}`
}

/** What everybody has, as people call it. */
export const ownWords: Record<string, string> = {
  country: 'country',
  city: 'city',
  company: 'company',
  email: 'e-mail address',
  phone: 'phone number',
  certainty: 'certainty of who they are',
  first_seen: 'first visit',
  last_seen: 'last activity',
  events: 'number of events',
  orders: 'number of orders',
  revenue: 'revenue',
  currency: 'currency of orders',
}

export const relationWords: Record<string, string> = {
  referred: 'number of others they referred',
  referred_by: 'number of others who referred them',
  mentioned: 'number of others they mentioned',
  household: 'number of others in their household',
}

/** What is known, as it stands after "whose": "plan", "industry of an account". */
export function factWords(fact: Fact): string {
  switch (fact.of) {
    case 'trait':
    case 'list':
      return traitWords(fact.name)
    case 'account':
      return `account's ${traitWords(fact.name)}`
    case 'own':
      return ownWords[fact.name] ?? fact.name
    case 'relation':
      return relationWords[fact.name] ?? fact.name
    case 'permission':
      return `permission for ${fact.purpose} by ${channelWords(fact.channel)}`
    case 'consent':
      return `consent to ${fact.purpose} by ${channelWords(fact.channel)}`
    case 'holding':
      return `number of ${heldWords(fact)}`
    case 'segment':
      return `being in ${quoted(fact.segment)}`
    case 'computed':
      return quoted(fact.trait)
  }
}

const channels: Record<string, string> = {
  email: 'e-mail',
  sms: 'text message',
  push: 'push message',
  phone: 'telephone',
  post: 'letter',
}
export const channelWords = (channel: string) => channels[channel] ?? channel

function heldWords({ by, value }: Extract<Fact, { of: 'holding' }>): string {
  if (by === 'category') return `products of category ${quoted(value)}`
  return by === 'name' ? quoted(value) : `product ${quoted(value)}`
}

const versionOps: Record<VersionThan, string> = {
  less: 'before',
  at_most: 'at most',
  equal: 'exactly',
  at_least: 'at least',
  more: 'after',
}

export const versionOpWords = (than: VersionThan) => versionOps[than]

const dateOps: Record<DateTest['op'], string> = {
  in_last: 'in the last…',
  in_next: 'in the next…',
  more_than_ago: 'longer ago than…',
  more_than_ahead: 'further ahead than…',
  before: 'before',
  after: 'after',
  on: 'on',
  yearly_in_next: 'every year, in the next…',
  yearly_in_last: 'every year, in the last…',
}

export const isDateOp = (op: FactOp['op']): op is DateTest['op'] => op in dateOps

/** How a way to compare is called on its button. */
export function factOpWords(op: FactOp['op']): string {
  if (isDateOp(op)) return dateOps[op]
  if (op === 'ends_with') return 'ends with'
  if (op === 'has') return 'includes'
  return op === 'version' ? 'version' : opWords(op)
}

function dateWords(test: DateTest): string {
  switch (test.op) {
    case 'in_last':
      return `is in the last ${test.length}`
    case 'in_next':
      return `is in the next ${test.length}`
    case 'more_than_ago':
      return `is more than ${test.length} ago`
    case 'more_than_ahead':
      return `is more than ${test.length} ahead`
    case 'before':
      return `is before ${test.at}`
    case 'after':
      return `is after ${test.at}`
    case 'on':
      return `is on ${test.day}`
    case 'yearly_in_next':
      return test.days === 0
        ? 'has its day today, whatever the year'
        : `has its day today or in the next ${daysWords(test.days)}, whatever the year`
    case 'yearly_in_last':
      return `had its day in the last ${daysWords(test.days)}, whatever the year`
  }
}

const daysWords = (n: number) => (n === 1 ? 'day' : `${n} days`)

/** "plan is pro", "trial ends is in the next 7 days": one part of the sentence. */
export function factTestWords({ fact, ...op }: FactCriterion): string {
  const what = factWords(fact)
  if (isDateOp(op.op)) return `${what} ${dateWords(op as DateTest)}`
  switch (op.op) {
    case 'ends_with':
      return `${what} ends with ${quoted(op.text)}`
    case 'has':
      return `${what} includes ${listed(op.values.map(quoted))}`
    case 'version':
      return `${what} is version ${op.version}${versionTail[op.than]}`
    case 'exists':
      return `${what} is known`
    case 'missing':
      return `${what} is not known`
    default: {
      const said = fact.of === 'own' && fact.name === 'country' ? withCountries(op as TestOp) : op
      return tested(what, said as TestOp)
    }
  }
}

const versionTail: Record<VersionThan, string> = {
  equal: '',
  less: ' or older, itself left out',
  at_most: ' or older',
  at_least: ' or newer',
  more: ' or newer, itself left out',
}

const withCountries = (op: TestOp): TestOp =>
  'values' in op ? { ...op, values: op.values.map((code) => countryName(code)) } : op

/** "10 %", "from 10 % to 20 %". */
export const shareWords = ({ from, to }: { from: number; to: number }) =>
  from === 0 ? percent(to) : `${percent(from)} to ${percent(to)}`
