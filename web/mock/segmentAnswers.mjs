// Who fulfils a definition in the mock? A small evaluator, so that sizes move as they would.
import { DAY } from './customers.mjs'
import { nodeWords } from './definitionWords.mjs'
import { calendarStart, lengthMs, matches, numberHolds, opHolds, valueAt } from './segmentTests.mjs'

const isGroup = (node) => ['all', 'any', 'none'].includes(node.is)

/** Whether a condition holds of a person at a moment. */
export function holds(node, person, t, world) {
  switch (node.is) {
    case 'all':
      return node.of.every((one) => holds(one, person, t, world))
    case 'any':
      return node.of.some((one) => holds(one, person, t, world))
    case 'none':
      return !node.of.some((one) => holds(one, person, t, world))
    case 'fact':
      return factHolds(node, person, t, world)
    case 'behaviour':
      return behaviourHolds(node, person, t)
    case 'value':
      return opHolds(node, valueOf(node, person, t), t)
    case 'in_order':
      return byKey(node, person.events, node.steps[0], (events) => ordered(node, events, t))
    case 'not_followed':
      return byKey(node, person.events, node.first, (events) => unfollowed(node, events, t))
    case 'same':
      return sameHolds(node, person, t, world)
    case 'share':
      return person.draw >= node.from && person.draw < node.to
  }
}

const known = (events, t) => events.filter(({ at }) => at <= t)

/** The events that count, in their window. */
function taken(events, selection, window, t) {
  const fits = windowOf(window, events, t)
  return events.filter((event) => event.at <= t && fits(event.at) && matches(event, selection))
}

function windowOf(window, events, t) {
  switch (window.is) {
    case 'ever':
      return () => true
    case 'last':
      return (at) => at > t - lengthMs(window.length)
    case 'longer_ago':
      return (at) => at <= t - lengthMs(window.length)
    case 'ago':
      return (at) => at > t - lengthMs(window.from) && at <= t - lengthMs(window.to)
    case 'since': {
      const all = known(events, t).filter((event) => matches(event, window.events))
      const one = window.which === 'first' ? all[0] : all.at(-1)
      return (at) => one !== undefined && at > one.at
    }
    case 'period':
      return inPeriod(window.period, t)
  }
}

function inPeriod(period, t) {
  if (period.kind === 'between') {
    const [from, until] = [Date.parse(period.first), Date.parse(period.last) + DAY]
    return (at) => at >= from && at < until
  }
  const { n, grain, current } = period
  const until = current ? t + 1 : calendarStart(grain, t, 0)
  const from = calendarStart(grain, t, current ? n - 1 : n)
  return (at) => at >= from && at < until
}

function behaviourHolds({ events: selection, window, measure, number }, { events }, t) {
  const all = taken(events, selection, window, t)
  const value = measured(measure, all, t)
  return value !== null && numberHolds(number, value)
}

function measured(measure, all, t) {
  const numbers = () =>
    all.map((event) => valueAt(event, measure.of)).filter((value) => typeof value === 'number')
  const of = (fold) => {
    const found = numbers()
    return found.length === 0 ? null : fold(found)
  }
  switch (measure.is) {
    case 'times':
      return all.length
    case 'days':
      return new Set(all.map(({ at }) => Math.floor(at / DAY))).size
    case 'days_since_last':
      return all.length === 0 ? null : (t - all.at(-1).at) / DAY
    case 'days_since_first':
      return all.length === 0 ? null : (t - all[0].at) / DAY
    case 'distinct':
      return new Set(all.map((event) => valueAt(event, measure.by.field))).size
    case 'sum':
      return numbers().reduce((sum, value) => sum + value, 0)
    case 'mean':
      return of((found) => found.reduce((sum, value) => sum + value, 0) / found.length)
    case 'least':
      return of((found) => Math.min(...found))
    case 'greatest':
      return of((found) => Math.max(...found))
  }
}

function valueOf({ which, label, events: selection, window }, { events }, t) {
  const said = taken(events, selection, window, t)
    .map((event) => valueAt(event, label.field))
    .filter((value) => value !== undefined)
  if (which !== 'most_frequent') return which === 'first' ? said[0] : said.at(-1)
  const n = new Map()
  for (const value of said) n.set(value, (n.get(value) ?? 0) + 1)
  return [...n].reduce((best, one) => (one[1] >= (best?.[1] ?? 0) ? one : best), null)?.[0]
}

/** For each value of what must be the same, its events alone; for all at once where nothing must. */
function byKey({ same }, events, _first, holdsFor) {
  if (!same) return holdsFor(events)
  return [...groups(events, same).values()].some(holdsFor)
}

function groups(events, label) {
  const found = new Map()
  for (const event of events) {
    const key = valueAt(event, label.field)
    if (key === undefined) continue
    if (!found.has(key)) found.set(key, [])
    found.get(key).push(event)
  }
  return found
}

function sameHolds({ label, who }, person, t, world) {
  return [...groups(person.events, label).values()].some((events) =>
    holds(who, { ...person, events }, t, world),
  )
}

function ordered({ steps, within, window, without }, events, t) {
  const firsts = taken(events, steps[0], window, t)
  return firsts.some((first) => {
    const until = first.at + lengthMs(within)
    const later = known(events, t).filter(({ at }) => at >= first.at && at <= until)
    let from = first.at
    for (const step of steps.slice(1)) {
      const next = later.find(
        (event) => event.at >= from && event !== first && matches(event, step),
      )
      if (!next) return false
      if (without && later.some((e) => e.at > from && e.at < next.at && matches(e, without)))
        return false
      from = next.at
    }
    return true
  })
}

function unfollowed({ first, by, within, window }, events, t) {
  return taken(events, first, window, t).some((one) => {
    const until = one.at + lengthMs(within)
    if (until > t) return false
    return !events.some(
      (event) => event !== one && event.at >= one.at && event.at <= until && matches(event, by),
    )
  })
}

function factHolds(node, person, t, world) {
  const { fact } = node
  if (fact.of === 'segment') {
    const inside = world.segmentHolds(fact.segment, person, t)
    return opHolds(node, inside ? 'in' : undefined, t)
  }
  return opHolds(node, factOf(fact, person), t)
}

function factOf(fact, { row, traits, holdings, account, consent, events }) {
  switch (fact.of) {
    case 'trait':
    case 'list':
      return traits[fact.name]
    case 'account':
      return account[fact.name] === undefined ? undefined : [account[fact.name]]
    case 'own':
      return ownOf(fact.name, row, events)
    case 'permission':
      return consent === 'granted' && fact.channel === 'email' ? 'yes' : 'no'
    case 'consent':
      return consent ?? undefined
    case 'holding': {
      const by = { product: 'product_id', name: 'name', category: 'category' }[fact.by]
      return holdings.filter((product) => product[by] === fact.value).length || undefined
    }
    default:
      return undefined
  }
}

const ownOf = (name, row, events) =>
  ({
    events: events.length,
    orders: row.n_orders,
    revenue: row.revenue ? row.revenue.minor / 100 : undefined,
    currency: row.revenue?.currency,
    certainty: row.is_known ? 'known' : 'anonymous',
  })[name] ??
  row[name] ??
  undefined

/** Every condition of a tree with its place; inside of "the same" none has a size of its own. */
export function placesOf(node, path = 'who') {
  if (!isGroup(node)) return [{ path, node }]
  const inner = node.of.flatMap((one, at) => placesOf(one, `${path}.of[${at}]`))
  return [{ path, node }, ...inner]
}

/** Who is in, and the size of each condition. */
export function counted({ who }, people, t, world) {
  const members = people.filter((person) => holds(who, person, t, world))
  const parts = placesOf(who).map(({ path, node }) => ({
    path,
    words: nodeWords(node),
    n: people.filter((person) => holds(node, person, t, world)).length,
  }))
  return { members, parts }
}

const SAMPLED = 16
const Z = 1.96

/** From one customer in sixteen: an estimate with Wilson's interval. */
export function estimated(definition, people, t, world) {
  const some = people.filter((_, at) => at % SAMPLED === 3)
  const { members, parts } = counted(definition, some, t, world)
  const scaled = (x) => Math.round((people.length * x) / Math.max(1, some.length))
  return {
    n: scaled(members.length),
    interval: wilson(members.length, some.length).map((share) => Math.round(share * people.length)),
    parts: parts.map((part) => ({ ...part, n: scaled(part.n) })),
  }
}

function wilson(x, m) {
  if (m === 0) return [0, 0]
  const p = x / m
  const middle = (p + (Z * Z) / (2 * m)) / (1 + (Z * Z) / m)
  const off = (Z / (1 + (Z * Z) / m)) * Math.sqrt((p * (1 - p)) / m + (Z * Z) / (4 * m * m))
  return [Math.max(0, middle - off), Math.min(1, middle + off)]
}
