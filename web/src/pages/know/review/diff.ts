// In which characters do two values differ? What no comparison counts is never marked: case,
// accents, spaces and punctuation.

/** A stretch of a value. A gap is where the other value has characters that this one lacks. */
export interface Stretch {
  text: string
  mark: 'same' | 'differs' | 'gap'
}

export interface Difference {
  a: Stretch[]
  b: Stretch[]
}

/** Beyond that the table of the alignment would be felt; and nobody reads so long a value. */
const CHARS_MAX = 200
/** From here on marked characters are confetti, and it says more to mark the whole. */
const DIFFERING_SHARE_MAX = 0.5

export function differenceOf(a: string, b: string): Difference {
  const [left, right] = [charsOf(a), charsOf(b)]
  const [x, y] = [left.filter(counts), right.filter(counts)]
  if (x.length > CHARS_MAX || y.length > CHARS_MAX) return whole(a, b)
  const steps = alignment(x, y)
  const n_differing = steps.filter((step) => step !== 'same').length
  if (n_differing / Math.max(x.length, y.length, 1) > DIFFERING_SHARE_MAX) return whole(a, b)
  return { a: stretches(left, steps, 'a'), b: stretches(right, steps, 'b') }
}

/** Marked from end to end: single characters would agree by chance only. */
export function whole(a: string, b: string): Difference {
  const mark = a === b ? 'same' : 'differs'
  const all = (text: string): Stretch[] => (text === '' ? [] : [{ text, mark }])
  return { a: all(a), b: all(b) }
}

interface Char {
  text: string
  /** What is compared; empty where the character never counts. */
  folded: string
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

function charsOf(text: string): Char[] {
  return [...graphemes.segment(text)].map(({ segment }) => ({
    text: segment,
    folded: segment
      .normalize('NFKD')
      .replace(/[\p{M}\p{P}\p{Z}\p{Cf}+]/gu, '')
      .toLowerCase(),
  }))
}

const counts = (char: Char) => char.folded !== ''

/** What becomes of the next character of `a`, of `b`, or of both. */
type Step = 'same' | 'changed' | 'swapped' | 'only a' | 'only b'

/** The fewest changes from `x` to `y`, with what they begin and end with in common kept whole: of
 * two ways that are as short, people see that one. */
function alignment(x: Char[], y: Char[]): Step[] {
  const n_shorter = Math.min(x.length, y.length)
  const same = (n: number) => Array.from({ length: n }, (): Step => 'same')
  let begin = 0
  while (begin < n_shorter && isSame(x, y, begin + 1, begin + 1)) begin += 1
  let end = 0
  while (begin + end < n_shorter && isSame(x, y, x.length - end, y.length - end)) end += 1
  const between = changes(x.slice(begin, x.length - end), y.slice(begin, y.length - end))
  return [...same(begin), ...between, ...same(end)]
}

/** Two neighbours that changed places count as one change (the optimal string alignment distance,
 * as the engine's "a letter off"). */
function changes(x: Char[], y: Char[]): Step[] {
  const cost = costs(x, y)
  const at = (i: number, j: number) => cost[i]?.[j] ?? Infinity
  const steps: Step[] = []
  let [i, j] = [x.length, y.length]
  while (i > 0 || j > 0) {
    if (i > 0 && j > 0 && isSame(x, y, i, j) && at(i, j) === at(i - 1, j - 1)) {
      steps.push('same')
      i -= 1
      j -= 1
    } else if (isSwap(x, y, i, j) && at(i, j) === at(i - 2, j - 2) + 1) {
      steps.push('swapped', 'swapped')
      i -= 2
      j -= 2
    } else if (at(i, j) === at(i - 1, j - 1) + 1) {
      steps.push('changed')
      i -= 1
      j -= 1
    } else if (at(i, j) === at(i - 1, j) + 1) {
      steps.push('only a')
      i -= 1
    } else {
      steps.push('only b')
      j -= 1
    }
  }
  return steps.reverse()
}

function costs(x: Char[], y: Char[]): number[][] {
  const cost: number[][] = [Array.from({ length: y.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number) => cost[i]?.[j] ?? Infinity
  for (let i = 1; i <= x.length; i += 1) {
    const row = [i]
    cost.push(row)
    for (let j = 1; j <= y.length; j += 1) {
      const kept = at(i - 1, j - 1) + (isSame(x, y, i, j) ? 0 : 1)
      const swapped = isSwap(x, y, i, j) ? at(i - 2, j - 2) + 1 : Infinity
      row.push(Math.min(kept, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1))
    }
  }
  return cost
}

const isSame = (x: Char[], y: Char[], i: number, j: number) => x[i - 1]?.folded === y[j - 1]?.folded

const isSwap = (x: Char[], y: Char[], i: number, j: number) =>
  i > 1 && j > 1 && isSame(x, y, i, j - 1) && isSame(x, y, i - 1, j) && !isSame(x, y, i, j)

/** The steps told from one side; what never counts goes with what stands before it. */
function stretches(chars: Char[], steps: Step[], side: 'a' | 'b'): Stretch[] {
  const other = side === 'a' ? 'only b' : 'only a'
  const told: Stretch[] = []
  const add = (text: string, mark: Stretch['mark']) => {
    const last = told.at(-1)
    if (last?.mark === mark) last.text += text
    else told.push({ text, mark })
  }
  let at = 0
  const passOver = () => {
    for (let char = chars[at]; char && !counts(char); char = chars[at]) {
      add(char.text, 'same')
      at += 1
    }
  }
  for (const step of steps) {
    passOver()
    if (step === other) {
      if (told.at(-1)?.mark !== 'gap') told.push({ text: '', mark: 'gap' })
      continue
    }
    add(chars[at]?.text ?? '', step === 'same' ? 'same' : 'differs')
    at += 1
  }
  passOver()
  return told
}
