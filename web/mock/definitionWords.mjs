// How is a definition said in a sentence? A stand-in for the engine's own words.
import { isDid } from './definitionPrint.mjs'

const quoted = (text) => `“${text}”`
const isGroup = (node) => ['all', 'any', 'none'].includes(node.is)
const listed = (items, joint) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${joint} ${items.at(-1)}`
const deniedBy = (node) => (node.is === 'none' && node.of.length === 1 ? node.of[0] : null)

/** "Customers who …" */
export function wordsOf(who) {
  if (isGroup(who) && who.of.length === 0) return 'Everybody'
  return `Customers who ${nodeWords(who)}`
}

/** One condition, as it stands after "customers who". */
export function nodeWords(node, isDenied = false) {
  const denied = deniedBy(node)
  if (denied && !isGroup(denied)) return nodeWords(denied, true)
  if (!isGroup(node)) return criterionWords(node, isDenied)
  const of = node.of.map((one) => nodeWords(one))
  if (node.is === 'none') return `neither ${listed(of, 'nor')}`
  if (of.length === 1) return of[0]
  return node.is === 'any' ? `either ${listed(of, 'or')}` : listed(of, 'and')
}

function criterionWords(node, isDenied) {
  switch (node.is) {
    case 'behaviour':
      return behaviourWords(node, isDenied)
    case 'fact':
      return factWords(node, isDenied)
    case 'value':
      return `${are(isDenied)} customers whose ${node.which.replace('_', ' ')} ${fieldOf(node.label)} in ${eventsWords(node.events)} ${windowWords(node.window)} ${opWords(node)}`
    case 'in_order':
      return `${have(isDenied)} ${node.steps.map(eventsWords).join(', then ')} within ${node.within}, the first ${windowWords(node.window)}`
    case 'not_followed':
      return `${isDenied ? 'are not customers who have' : 'have'} ${eventsWords(node.first)} ${windowWords(node.window)} without ${eventsWords(node.by)} in the ${node.within} after`
    case 'same':
      return `${isDenied ? 'are not customers who, ' : ''}for one and the same ${fieldOf(node.label)}, ${nodeWords(node.who)}`
    case 'share':
      return `${are(isDenied)} in a fixed random ${Math.round((node.to - node.from) * 1000) / 10} % (${node.salt})`
  }
}

const have = (isDenied) => (isDenied ? 'do not have' : 'have')
const are = (isDenied) => (isDenied ? 'are not' : 'are')
const fieldOf = ({ field }) => field.path.replaceAll('_', ' ').replaceAll('.', ' ')
const ops = {
  ...{ less: 'less than', at_most: 'at most', more: 'more than', at_least: 'at least' },
  ...{ equal: 'exactly', not_equal: 'not exactly' },
}

function behaviourWords(node, isDenied) {
  const { measure, number, events, window } = node
  const what = eventsWords(events)
  const when = windowWords(window)
  if (isDid(node)) return `${have(isDenied)} ${what}${isDenied ? '' : ' at least once'} ${when}`
  const how =
    number.op === 'between'
      ? `${number.low} to ${number.high}`
      : `${ops[number.op]} ${number.value}`
  if (measure.is === 'times') return `${have(isDenied)} ${what} ${how} times ${when}`
  if (measure.is === 'days') return `${have(isDenied)} ${what} on ${how} days ${when}`
  if (measure.is.startsWith('days_since')) {
    const verb = measure.is === 'days_since_last' ? 'last had' : 'first had'
    return `${isDenied ? 'are not customers who ' : ''}${verb} ${what} ${how} days ago`
  }
  const of = measure.by ? fieldOf(measure.by) : measure.of.path.replaceAll('_', ' ')
  const word = { sum: 'sum of', mean: 'average', least: 'smallest', greatest: 'largest' }
  const name = word[measure.is] ?? 'number of different values of'
  return `${have(isDenied)} a ${name} ${of} of ${how} in ${what} ${when}`
}

function factWords(node, isDenied) {
  const { fact } = node
  switch (fact.of) {
    case 'permission':
      return `may ${isDenied ? 'not ' : ''}be written to by ${fact.channel} for ${fact.purpose}`
    case 'segment':
      return `${are(isDenied)} in ${quoted(fact.segment)}`
    case 'holding':
      return `${isDenied ? 'do not hold' : 'hold'} at least ${node.value ?? 1} product of ${fact.by} ${quoted(fact.value)}`
    default: {
      const name = (fact.name ?? fact.trait ?? fact.purpose).replaceAll('_', ' ')
      return `${are(isDenied)} customers whose ${fact.of === 'account' ? 'account’s ' : ''}${name} ${opWords(node)}`
    }
  }
}

const anyOf = (test) => listed(test.values.map(quoted), 'or')
const opsInWords = {
  is: (test) => `is ${anyOf(test)}`,
  is_not: (test) => `is not ${anyOf(test)}`,
  has: (test) => `includes ${anyOf(test)}`,
  contains: (test) => `contains ${quoted(test.text)}`,
  starts_with: (test) => `starts with ${quoted(test.text)}`,
  ends_with: (test) => `ends with ${quoted(test.text)}`,
  exists: () => 'is known',
  missing: () => 'is not known',
  version: (test) => `is version ${test.version} (${test.than.replace('_', ' ')})`,
  in_last: (test) => `is in the last ${test.length}`,
  in_next: (test) => `is in the next ${test.length}`,
  more_than_ago: (test) => `is more than ${test.length} ago`,
  more_than_ahead: (test) => `is more than ${test.length} ahead`,
  before: (test) => `is before ${test.at}`,
  after: (test) => `is after ${test.at}`,
  on: (test) => `is on ${test.day}`,
  yearly_in_next: (test) => `has its day today or in the next ${test.days} days, whatever the year`,
  yearly_in_last: (test) => `had its day in the last ${test.days} days, whatever the year`,
}

const opWords = (test) => opsInWords[test.op]?.(test) ?? `is ${ops[test.op]} ${test.value}`

function eventsWords({ events, tests }) {
  const names = listed(events.map(quoted), 'or') || 'any event'
  if (tests.length === 0) return names
  const said = tests.map((test) => `${fieldOf(test)} ${opWords(test)}`)
  return `${names} where ${listed(said, 'and')}`
}

function windowWords(window) {
  switch (window.is) {
    case 'ever':
      return 'at any time'
    case 'last':
      return `in the last ${window.length}`
    case 'longer_ago':
      return `longer than ${window.length} ago`
    case 'ago':
      return `from ${window.from} to ${window.to} ago`
    case 'since':
      return `since their ${window.which} ${eventsWords(window.events)}`
    case 'period': {
      const { kind, n, grain, current, first, last } = window.period
      if (kind === 'between') return `from ${first} to ${last}`
      return `in the last ${n} ${current ? '' : 'whole '}${grain}${n === 1 ? '' : 's'}`
    }
  }
}
