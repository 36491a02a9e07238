// Of which words is a formula made, in the mock, and which one was probably meant?

/** What is wrong, where, and what may stand there. */
export class FormulaError extends Error {
  constructor(message, token, { expected = [], suggest = [] } = {}) {
    super(message)
    this.at = { line: token.line, column: token.column, expected, suggest }
  }
}

const shape =
  /\s+|'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|(=>|<=|>=|<>|!=|[=<>(),[\]])|(.)/gsu

export function lex(text) {
  const tokens = []
  for (const found of text.matchAll(shape)) {
    const [whole, quoted, number, word, op, odd] = found
    if (/^\s+$/.test(whole)) continue
    const before = text.slice(0, found.index).split('\n')
    const place = { line: before.length, column: before.at(-1).length + 1 }
    if (quoted !== undefined)
      tokens.push({ is: 'text', value: quoted.replaceAll("''", "'"), ...place })
    else if (number !== undefined) tokens.push({ is: 'number', value: Number(number), ...place })
    else if (word !== undefined) tokens.push({ is: 'word', value: word, ...place })
    else if (op) tokens.push({ is: 'op', value: op, ...place })
    else throw new FormulaError(`“${odd}” is no part of a formula.`, place)
  }
  const lines = text.split('\n')
  tokens.push({ is: 'end', value: '', line: lines.length, column: lines.at(-1).length + 1 })
  return tokens
}

/** Words within two changes of one that is not known. */
export function near(word, known) {
  return known.filter((one) => distance(word.toLowerCase(), one.toLowerCase()) <= 2).slice(0, 3)
}

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, swap))
    }
    row = next
  }
  return row[b.length]
}

/** Goes from token to token. */
export class Cursor {
  constructor(tokens) {
    this.tokens = tokens
    this.at = 0
  }

  get next() {
    return this.tokens[this.at]
  }

  wrong(expected, more = {}) {
    const { is, value } = this.next
    const what = is === 'end' ? 'The formula ends too early.' : `“${value}” does not fit here.`
    return new FormulaError(what, this.next, { expected, ...more })
  }

  sees(value, ahead = 0) {
    const token = this.tokens[this.at + ahead]
    if (!token || token.is === 'text') return false
    return String(token.value).toLowerCase() === value
  }

  takes(...wanted) {
    if (!wanted.every((value, ahead) => this.sees(value, ahead))) return false
    this.at += wanted.length
    return true
  }

  needs(value) {
    if (!this.takes(value)) throw this.wrong([`“${value}”`])
  }

  take(is, what) {
    if (this.next.is !== is) throw this.wrong([what])
    this.at += 1
    return this.tokens[this.at - 1].value
  }

  text = (what = 'a text in quotes') => this.take('text', what)
  number = () => this.take('number', 'a number')

  list(one, end = ')') {
    const all = [one()]
    while (this.takes(',')) all.push(one())
    this.needs(end)
    return all
  }
}
