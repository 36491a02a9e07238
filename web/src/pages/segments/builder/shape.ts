// Is what somebody sent a definition? Its shape is checked here; the engine checks the rest.
import type { Definition, Node } from '@/api/definitionTypes'
import { selectionOf } from '@/pages/ask/complete'

type Loose = Record<string, unknown>

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number'
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The definition with what goes without saying in it; null where it is none. */
export function definitionOf(given: unknown, zone: string): Definition | null {
  if (!isObject(given)) return null
  const who = nodeOf(given.who)
  const clock = isObject(given.clock) ? given.clock : {}
  return who && { clock: { time_zone: zone, weeks_begin_on_sunday: false, ...clock }, who }
}

export function nodeOf(given: unknown): Node | null {
  if (!isObject(given) || !isText(given.is)) return null
  const read = readers[given.is]
  return read ? (read(given) as Node | null) : null
}

const readers: Record<string, (node: Loose) => Loose | null> = {
  all: group,
  any: (node) => filled(group(node)),
  none: (node) => filled(group(node)),
  fact: (node) => (isFact(node.fact) && isOp(node) ? node : null),
  behaviour: (node) =>
    isObject(node.measure) && isText(node.measure.is) && isNumberTest(node.number)
      ? { ...node, events: selectionOf(node.events), window: windowOf(node.window) }
      : null,
  value: (node) =>
    isText(node.which) && isLabel(node.label) && isOp(node)
      ? { ...node, events: selectionOf(node.events), window: windowOf(node.window) }
      : null,
  in_order: (node) =>
    list(node.steps).length > 1 && isText(node.within)
      ? {
          ...node,
          steps: list(node.steps).map(selectionOf),
          window: windowOf(node.window),
          without: isObject(node.without) ? selectionOf(node.without) : null,
          same: isLabel(node.same) ? node.same : null,
        }
      : null,
  not_followed: (node) =>
    isObject(node.first) && isObject(node.by) && isText(node.within)
      ? {
          ...node,
          first: selectionOf(node.first),
          by: selectionOf(node.by),
          window: windowOf(node.window),
          same: isLabel(node.same) ? node.same : null,
        }
      : null,
  same: (node) => {
    const who = nodeOf(node.who)
    return who && isLabel(node.label) ? { ...node, who } : null
  },
  share: (node) => (isText(node.salt) && isNumber(node.from) && isNumber(node.to) ? node : null),
}

function group(node: Loose): Loose | null {
  const of = list(node.of).map(nodeOf)
  return of.every((one) => one !== null) ? { ...node, of } : null
}

const filled = (node: Loose | null) => (node && list(node.of).length > 0 ? node : null)

const isLabel = (label: unknown) => isObject(label) && isObject(label.field)

const facts: Record<string, string[]> = {
  trait: ['name'],
  list: ['name'],
  account: ['name'],
  own: ['name'],
  relation: ['name'],
  permission: ['purpose', 'channel'],
  consent: ['purpose', 'channel'],
  holding: ['by', 'value'],
  segment: ['segment'],
  computed: ['trait'],
}

const isFact = (fact: unknown) =>
  isObject(fact) && isText(fact.of) && (facts[fact.of]?.every((key) => isText(fact[key])) ?? false)

const needs: Record<string, (node: Loose) => boolean> = {
  ...Object.fromEntries(
    ['is', 'is_not', 'has'].map((op) => [
      op,
      ({ values }: Loose) => Array.isArray(values) && values.every(isText),
    ]),
  ),
  ...Object.fromEntries(
    ['contains', 'starts_with', 'ends_with'].map((op) => [op, ({ text }: Loose) => isText(text)]),
  ),
  ...Object.fromEntries(
    ['equal', 'less', 'at_most', 'more', 'at_least'].map((op) => [
      op,
      ({ value }: Loose) => isNumber(value),
    ]),
  ),
  ...Object.fromEntries(
    ['in_last', 'in_next', 'more_than_ago', 'more_than_ahead'].map((op) => [
      op,
      ({ length }: Loose) => isText(length),
    ]),
  ),
  exists: () => true,
  missing: () => true,
  version: ({ than, version }) => isText(than) && isText(version),
  within: () => true,
  yearly: ({ first, last }) => isText(first) && isText(last),
  before: ({ at }) => isText(at),
  after: ({ at }) => isText(at),
  on: ({ day }) => isText(day),
  yearly_in_next: ({ days }) => isNumber(days),
  yearly_in_last: ({ days }) => isNumber(days),
}

const isOp = (node: Loose) => isText(node.op) && (needs[node.op]?.(node) ?? false)

function isNumberTest(test: unknown): boolean {
  if (!isObject(test) || !isText(test.op)) return false
  return test.op === 'between' ? isNumber(test.low) && isNumber(test.high) : isNumber(test.value)
}

function windowOf(given: unknown): Loose {
  if (!isObject(given) || !isText(given.is)) return { is: 'ever' }
  return given.is === 'since' ? { ...given, events: selectionOf(given.events) } : given
}
