// How is a definition read in the mock: a formula becomes a tree, a tree a formula, words and SQL?
import { counts } from './catalogue.mjs'
import { parse } from './definitionParse.mjs'
import { print } from './definitionPrint.mjs'
import { FormulaError, near } from './definitionTokens.mjs'
import { nodeWords, wordsOf } from './definitionWords.mjs'

const clock = { time_zone: 'Europe/Berlin', weeks_begin_on_sunday: false }

/** All faces of a definition; throws a FormulaError where a formula is none. */
export function read({ formula, definition }, segments) {
  const vocabulary = { segments: segments.map(({ key }) => key) }
  const whole = formula === undefined ? definition : { clock, who: parse(formula, vocabulary) }
  const uses = usesOf(whole.who)
  return {
    definition: whole,
    formula: print(whole.who),
    words: wordsOf(whole.who),
    sql: sqlOf(whole.who),
    uses: {
      ...{ events: uses.events, traits: uses.traits, computed: [] },
      segments: segments
        .filter(({ key }) => uses.segments.includes(key))
        .map(({ key, name }) => ({ key, name })),
    },
    warnings: uses.events.filter((name) => !(name in counts)).map(unseen),
  }
}

function unseen(name) {
  const [meant] = near(name, Object.keys(counts))
  return `No event is called “${name}”${meant ? `; did you mean “${meant}”?` : ' so far.'}`
}

/** Every name that a tree says, each once. */
export function usesOf(node, found = { events: [], traits: [], segments: [] }) {
  const note = (list, name) => name !== undefined && !list.includes(name) && list.push(name)
  for (const one of node.of ?? []) usesOf(one, found)
  if (node.who) usesOf(node.who, found)
  for (const one of [node.events, node.first, node.by, node.without, ...(node.steps ?? [])])
    for (const name of one?.events ?? []) note(found.events, name)
  if (node.fact?.of === 'segment') note(found.segments, node.fact.segment)
  if (node.fact?.of === 'trait' || node.fact?.of === 'list') note(found.traits, node.fact.name)
  return found
}

/** SQL in outline: each condition as a comment in words and a set of customers. */
function sqlOf(who) {
  const lines = ['select customer_id', 'from customers', 'where']
  return `${[...lines, ...conditions(who, 1)].join('\n')}`
}

function conditions(node, depth) {
  const pad = '  '.repeat(depth)
  if (node.of) {
    if (node.of.length === 0) return [`${pad}true`]
    const joint = node.is === 'all' ? 'and' : 'or'
    const inner = node.of.flatMap((one, at) => [
      ...(at > 0 ? [`${pad}  ${joint}`] : []),
      ...conditions(one, depth + 1),
    ])
    return [`${pad}${node.is === 'none' ? 'not ' : ''}(`, ...inner, `${pad})`]
  }
  return [`${pad}-- ${nodeWords(node)}`, ...criterion(node).map((line) => pad + line)]
}

const text = (value) => `'${String(value).replaceAll("'", "''")}'`

function criterion(node) {
  if (node.is !== 'behaviour') return [`customer_id in (select customer_id from ${node.is})`]
  const names = node.events.events.map(text).join(', ')
  const { op, value } = node.number
  const sign = { at_least: '>=', more: '>', at_most: '<=', less: '<', equal: '=' }[op] ?? '<>'
  return [
    'customer_id in (',
    '  select customer_id from events',
    `  where ${names ? `name in (${names})` : 'true'} and occurred_at <= now()`,
    ...(node.window.is === 'last'
      ? [`    and occurred_at > now() - interval ${text(node.window.length)}`]
      : []),
    `  group by 1 having count(*) ${sign} ${value ?? node.number.low}`,
    ')',
  ]
}

/** What a route answers where a formula is none; other errors are the mock's own. */
export function refused(error) {
  if (!(error instanceof FormulaError)) throw error
  const { message, at } = error
  const hint = at.suggest.length > 0 ? `Did you mean “${at.suggest[0]}”?` : null
  return [400, { error: { kind: 'invalid', message, hint, field: 'formula', at } }]
}
