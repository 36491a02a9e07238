// Which definition does a formula say? A small reader of the language, for tests of the pages only.

import { Cursor, FormulaError, lex, near } from './definitionTokens.mjs'

const compares = { '<': 'less', '<=': 'at_most', '>': 'more', '>=': 'at_least', '=': 'equal' }
const measures = {
  ...{ times: 'times', days: 'days', days_since: 'days_since_last' },
  ...{ days_since_first: 'days_since_first', sum_of: 'sum', avg_of: 'mean' },
  ...{ min_of: 'least', max_of: 'greatest', distinct_of: 'distinct' },
}
const withField = ['sum_of', 'avg_of', 'min_of', 'max_of', 'distinct_of']
const values = { first_of: 'first', last_of: 'last', most_frequent: 'most_frequent' }
const named = ['trait', 'list', 'account', 'own', 'relation']
const calls = [
  ...['did', 'did_in_order', 'not_followed', 'same', 'consents', 'consent', 'in_segment', 'share'],
  ...['everybody', 'holding', 'computed', 'all', 'any', 'none'],
  ...[...Object.keys(measures), ...Object.keys(values), ...named],
]

export function parse(text, vocabulary) {
  return new Reader(lex(text), vocabulary).whole()
}

class Reader extends Cursor {
  constructor(tokens, vocabulary) {
    super(tokens)
    this.vocabulary = vocabulary
  }

  whole() {
    const node = this.or()
    if (this.next.is !== 'end') throw this.wrong(['and', 'or', 'the end'])
    return node
  }

  joined(is, word, inner) {
    const of = [inner()]
    while (this.takes(word)) of.push(inner())
    return of.length === 1 ? of[0] : { is, of }
  }

  or = () => this.joined('any', 'or', this.and)
  and = () => this.joined('all', 'and', this.not)
  not = () => (this.takes('not') ? { is: 'none', of: [this.not()] } : this.primary())

  primary() {
    if (this.takes('(')) {
      const node = this.or()
      this.needs(')')
      return node
    }
    const token = this.next
    if (token.is !== 'word' || !this.sees('(', 1)) {
      const suggest = token.is === 'word' ? near(token.value, calls) : []
      throw this.wrong(['a condition such as did(…)', '“not”', '“(”'], { suggest })
    }
    const call = token.value.toLowerCase()
    if (!calls.includes(call)) {
      const suggest = near(call, calls)
      throw new FormulaError(`There is nothing called “${token.value}”.`, token, { suggest })
    }
    this.at += 2
    return this.call(call, token)
  }

  call(call, token) {
    if (call in measures) return this.behaviour(call)
    if (call in values) return this.value(values[call])
    if (named.includes(call)) return this.fact(this.one({ of: call, name: this.text() }))
    const own = this[`call_${call}`]
    if (own) return own.call(this, token)
    return { is: call, of: this.list(this.or) }
  }

  one(value) {
    this.needs(')')
    return value
  }

  call_everybody() {
    return this.one({ is: 'all', of: [] })
  }

  call_did() {
    const { events, window } = this.matter()
    const number = { op: 'at_least', value: 1 }
    return { is: 'behaviour', events, window, measure: { is: 'times' }, number }
  }

  call_in_segment() {
    const token = this.next
    const segment = this.one(this.text('the key of a segment'))
    if (!this.vocabulary.segments.includes(segment)) {
      const suggest = near(segment, this.vocabulary.segments)
      throw new FormulaError(`There is no segment “${segment}”.`, token, { suggest })
    }
    return { is: 'fact', fact: { of: 'segment', segment }, op: 'is', values: ['in'] }
  }

  purposeAndChannel(of) {
    const purpose = this.text('a purpose')
    this.needs(',')
    return this.one({ of, purpose, channel: this.text('a channel') })
  }

  call_consents() {
    return { is: 'fact', fact: this.purposeAndChannel('permission'), op: 'is', values: ['yes'] }
  }

  call_consent() {
    return this.fact(this.purposeAndChannel('consent'))
  }

  call_computed() {
    return this.fact(this.one({ of: 'computed', trait: this.text() }))
  }

  call_holding() {
    const value = this.text('a product')
    const { by = 'name' } = this.options()
    return this.fact({ of: 'holding', by, value })
  }

  call_share() {
    const first = this.number()
    const to = this.takes(',') ? (this.next.is === 'number' ? this.number() : undefined) : null
    if (to === undefined) this.at -= 1
    const { salt = 'a' } = this.options()
    return { is: 'share', salt, from: to ? first : 0, to: to ?? first }
  }

  call_same() {
    const label = this.label()
    this.needs(',')
    return this.one({ is: 'same', label, who: this.or() })
  }

  call_did_in_order() {
    const steps = [this.events()]
    while (this.sees(',') && !this.sees('=>', 2)) {
      this.needs(',')
      steps.push(this.events())
    }
    const { within = '7 days', window, without = null, same = null } = this.options()
    return { is: 'in_order', steps, within, window, without, same }
  }

  call_not_followed() {
    const first = this.events()
    const { by, within = '2 hours', window, same = null } = this.options()
    if (!by) throw this.wrong(['“by => …”'])
    return { is: 'not_followed', first, by, within, window, same }
  }

  behaviour(call) {
    const field = withField.includes(call) ? this.label() : null
    if (field) this.needs(',')
    const { events, window } = this.matter()
    const is = measures[call]
    const measure = is === 'distinct' ? { is, by: field } : field ? { is, of: field.field } : { is }
    return { is: 'behaviour', events, window, measure, number: this.numberTest() }
  }

  value(which) {
    const label = this.label()
    this.needs(',')
    const { events, window } = this.matter()
    return { is: 'value', which, label, events, window, ...this.op() }
  }

  fact(fact) {
    return { is: 'fact', fact, ...this.op() }
  }

  /** E, options ')' */
  matter() {
    const events = this.events()
    const { window, where } = this.options()
    return { events: where ? { ...events, tests: where } : events, window }
  }

  events() {
    const selection = { events: this.names(), tests: [] }
    if (!this.takes('[')) return selection
    this.needs('where')
    const tests = this.tests()
    this.needs(']')
    return { ...selection, tests }
  }

  names() {
    if (this.takes('any_event', '(', ')')) return []
    if (this.takes('any_of', '(')) return this.list(() => this.text('the name of an event'))
    return [this.text('the name of an event')]
  }

  options() {
    const found = { window: { is: 'ever' } }
    while (this.takes(',')) {
      const name = this.take('word', 'an option').toLowerCase()
      this.needs('=>')
      this.option(name, found)
    }
    this.needs(')')
    return found
  }

  option(name, found) {
    if (name === 'where') {
      this.needs('(')
      found.where = this.tests()
      return this.needs(')')
    }
    if (name === 'same') return (found.same = this.label())
    if (name === 'without') return (found.without = this.events())
    if (name === 'by') return (found.by = isHeldBy(this.next.value) ? this.text() : this.events())
    if (name === 'since') {
      const which = this.take('word', 'first(…) or last(…)')
      this.needs('(')
      return (found.window = this.one({ is: 'since', which, events: this.events() }))
    }
    const text = this.text()
    if (name === 'last' || name === 'longer_ago') found.window = { is: name, length: text }
    else if (name === 'ago') {
      const [from, to] = text.split(/\s+to\s+/)
      found.window = { is: 'ago', from, to }
    } else if (name === 'during') found.window = { is: 'period', period: periodOf(text) }
    else found[name] = text
  }

  label() {
    const view = this.sees('(', 1) ? this.take('word', 'host or path') : 'whole'
    if (view !== 'whole') this.needs('(')
    const path = this.take('word', 'a property')
    if (view !== 'whole') this.needs(')')
    const [head, ...rest] = path.split('.')
    const isContext = head === 'context' && rest.length > 0
    return {
      field: isContext ? { of: 'context', path: rest.join('.') } : { of: 'property', path },
      view,
    }
  }

  tests() {
    const all = [{ ...this.label(), ...this.op() }]
    while (this.takes('and')) all.push({ ...this.label(), ...this.op() })
    return all
  }

  numberTest() {
    const op = this.next.value
    if (this.takes('<>') || this.takes('!=')) return { op: 'not_equal', value: this.number() }
    if (this.takes('between')) {
      const low = this.number()
      this.needs('and')
      return { op: 'between', low, high: this.number() }
    }
    if (this.next.is !== 'op' || !(op in compares)) throw this.wrong(['“>=”', '“<”', '“between”'])
    this.at += 1
    return { op: compares[op], value: this.number() }
  }

  op() {
    if (this.takes('is')) return this.isWhat()
    if (this.takes('in', '(')) return { op: 'is', values: this.list(this.literal) }
    if (this.takes('not', 'in', '(')) return { op: 'is_not', values: this.list(this.literal) }
    if (this.takes('has')) return { op: 'has', values: [this.text()] }
    if (this.takes('contains')) return { op: 'contains', text: this.text() }
    if (this.takes('starts', 'with')) return { op: 'starts_with', text: this.text() }
    if (this.takes('ends', 'with')) return { op: 'ends_with', text: this.text() }
    if (this.takes('<>') || this.takes('!=')) return { op: 'is_not', values: [this.literal()] }
    const compare = compares[this.next.value]
    if (this.next.is !== 'op' || !compare) throw this.wrong(['“=”', '“in (…)”', '“is known”'])
    this.at += 1
    if (this.takes('version', '('))
      return { op: 'version', than: compare, version: this.one(this.text()) }
    if (this.next.is === 'number') return { op: compare, value: this.number() }
    if (compare !== 'equal') throw this.wrong(['a number'])
    return { op: 'is', values: [this.literal()] }
  }

  literal = () => {
    if (this.takes('true')) return 'true'
    if (this.takes('false')) return 'false'
    return this.next.is === 'number' ? String(this.number()) : this.text()
  }

  isWhat() {
    if (this.takes('known')) return { op: 'exists' }
    if (this.takes('not', 'known')) return { op: 'missing' }
    if (this.takes('in', 'the', 'last')) return { op: 'in_last', length: this.length() }
    if (this.takes('in', 'the', 'next')) return { op: 'in_next', length: this.length() }
    if (this.takes('before')) return { op: 'before', at: this.text() }
    if (this.takes('after')) return { op: 'after', at: this.text() }
    if (this.takes('on')) return { op: 'on', day: this.text() }
    if (this.takes('yearly', 'today')) return { op: 'yearly_in_next', days: 0 }
    if (this.takes('yearly', 'in', 'the')) return this.yearly()
    this.needs('more')
    this.needs('than')
    const length = this.length()
    if (this.takes('ahead')) return { op: 'more_than_ahead', length }
    this.needs('ago')
    return { op: 'more_than_ago', length }
  }

  yearly() {
    const op = this.takes('last') ? 'yearly_in_last' : 'yearly_in_next'
    if (op === 'yearly_in_next') this.needs('next')
    const days = this.number()
    this.needs('days')
    return { op, days }
  }

  length() {
    const n = this.number()
    return `${n} ${this.take('word', 'a unit such as days')}`
  }
}

const isHeldBy = (text) => ['product', 'name', 'category'].includes(text)

export function periodOf(text) {
  const days = /^(\S+)\s+to\s+(\S+)$/.exec(text)
  if (days) return { kind: 'between', first: days[1], last: days[2] }
  const [, how, n = '1', whole, grain = 'day'] =
    /^(this|last)\s*(\d+)?\s*(whole)?\s*(\w+?)s?$/.exec(text) ?? []
  return { kind: 'last', n: Number(n), grain, current: how === 'this' || (n !== '1' && !whole) }
}
