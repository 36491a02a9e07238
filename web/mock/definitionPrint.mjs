// How does a definition read as a formula and in words? A stand-in for the engine's own words.

const text = (value) => `'${String(value).replaceAll("'", "''")}'`
const isGroup = (node) => ['all', 'any', 'none'].includes(node.is)
const compares = { less: '<', at_most: '<=', more: '>', at_least: '>=', equal: '=' }
const calls = {
  ...{ times: 'times', days: 'days', days_since_last: 'days_since' },
  ...{ days_since_first: 'days_since_first', sum: 'sum_of', mean: 'avg_of', least: 'min_of' },
  ...{ greatest: 'max_of', distinct: 'distinct_of' },
}
const values = { first: 'first_of', last: 'last_of', most_frequent: 'most_frequent' }

export function print(node) {
  if (!isGroup(node)) return criterion(node)
  if (node.of.length === 0) return 'everybody()'
  if (node.is === 'none') {
    if (node.of.length > 1) return `none(${node.of.map(print).join(', ')})`
    return `not ${inner(node.of[0])}`
  }
  if (node.of.length === 1) return `${node.is}(${print(node.of[0])})`
  return node.of.map(inner).join(node.is === 'all' ? ' and ' : ' or ')
}

const inner = (node) => {
  const isJoined = (node.is === 'all' || node.is === 'any') && node.of.length > 1
  return isJoined ? `(${print(node)})` : print(node)
}

function criterion(node) {
  switch (node.is) {
    case 'fact':
      return fact(node)
    case 'behaviour':
      return behaviour(node)
    case 'value':
      return `${values[node.which]}(${label(node.label)}, ${matter(node)}) ${op(node)}`
    case 'in_order':
      return call(
        'did_in_order',
        ...node.steps.map(selection),
        `within => ${text(node.within)}`,
        ...window(node.window),
        node.without && `without => ${selection(node.without)}`,
        node.same && `same => ${label(node.same)}`,
      )
    case 'not_followed':
      return call(
        'not_followed',
        selection(node.first),
        `by => ${selection(node.by)}`,
        `within => ${text(node.within)}`,
        ...window(node.window),
        node.same && `same => ${label(node.same)}`,
      )
    case 'same':
      return `same(${label(node.label)}, ${print(node.who)})`
    case 'share': {
      const range = node.from === 0 ? [node.to] : [node.from, node.to]
      return call('share', ...range, `salt => ${text(node.salt)}`)
    }
  }
}

const call = (name, ...parts) => `${name}(${parts.filter((part) => part || part === 0).join(', ')})`

function fact(node) {
  const { fact: what } = node
  switch (what.of) {
    case 'permission':
      return call('consents', text(what.purpose), text(what.channel))
    case 'segment':
      return `in_segment(${text(what.segment)})`
    case 'consent':
      return `consent(${text(what.purpose)}, ${text(what.channel)}) ${op(node)}`
    case 'holding': {
      return `holding(${text(what.value)}, by => ${text(what.by)}) ${op(node)}`
    }
    case 'computed':
      return `computed(${text(what.trait)}) ${op(node)}`
    default:
      return `${what.of}(${text(what.name)}) ${op(node)}`
  }
}

function behaviour(node) {
  const { measure, number } = node
  if (isDid(node)) return `did(${matter(node)})`
  const of = measure.by ? `${label(measure.by)}, ` : measure.of ? `${field(measure.of)}, ` : ''
  return `${calls[measure.is]}(${of}${matter(node)}) ${numberTest(number)}`
}

export const isDid = ({ measure, number }) =>
  measure?.is === 'times' && number.op === 'at_least' && number.value === 1

function numberTest(number) {
  if (number.op === 'between') return `between ${number.low} and ${number.high}`
  return `${number.op === 'not_equal' ? '<>' : compares[number.op]} ${number.value}`
}

function matter({ events, window: when }) {
  const where = events.tests.length > 0 && `where => (${tests(events)})`
  return [names(events), ...window(when), where].filter(Boolean).join(', ')
}

function names({ events }) {
  if (events.length === 0) return 'any_event()'
  return events.length === 1 ? text(events[0]) : `any_of(${events.map(text).join(', ')})`
}

const selection = (one) =>
  one.tests.length > 0 ? `${names(one)}[where ${tests(one)}]` : names(one)

const tests = ({ tests: all }) => all.map((test) => `${label(test)} ${op(test)}`).join(' and ')
const field = ({ of, path }) => (of === 'context' ? `context.${path}` : path)
const label = ({ field: what, view = 'whole' }) =>
  view === 'whole' ? field(what) : `${view}(${field(what)})`

function window(when) {
  switch (when.is) {
    case 'ever':
      return []
    case 'last':
    case 'longer_ago':
      return [`${when.is} => ${text(when.length)}`]
    case 'ago':
      return [`ago => ${text(`${when.from} to ${when.to}`)}`]
    case 'period':
      return [`during => ${text(periodText(when.period))}`]
    case 'since':
      return [`since => ${when.which}(${selection(when.events)})`]
  }
}

function periodText({ kind, first, last, n, grain, current }) {
  if (kind === 'between') return `${first} to ${last}`
  if (n === 1) return `${current ? 'this' : 'last'} ${grain}`
  return `last ${n} ${current ? '' : 'whole '}${grain}s`
}

const ops = {
  is: ({ values: all }) =>
    all.length === 1 ? `= ${text(all[0])}` : `in (${all.map(text).join(', ')})`,
  is_not: (test) => `not in (${test.values.map(text).join(', ')})`,
  has: (test) => `has ${text(test.values[0])}`,
  contains: (test) => `contains ${text(test.text)}`,
  starts_with: (test) => `starts with ${text(test.text)}`,
  ends_with: (test) => `ends with ${text(test.text)}`,
  exists: () => 'is known',
  missing: () => 'is not known',
  version: (test) => `${compares[test.than]} version(${text(test.version)})`,
  in_last: (test) => `is in the last ${test.length}`,
  in_next: (test) => `is in the next ${test.length}`,
  more_than_ago: (test) => `is more than ${test.length} ago`,
  more_than_ahead: (test) => `is more than ${test.length} ahead`,
  before: (test) => `is before ${text(test.at)}`,
  after: (test) => `is after ${text(test.at)}`,
  on: (test) => `is on ${text(test.day)}`,
  yearly_in_next: (test) => `is yearly in the next ${test.days} days`,
  yearly_in_last: (test) => `is yearly in the last ${test.days} days`,
}

const op = (test) => ops[test.op]?.(test) ?? `${compares[test.op]} ${test.value}`
