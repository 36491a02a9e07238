// From where to where does the word stand that is wrong, and how does the formula read without it?
import type { FailurePlace } from '@/api/definitionTypes'

export interface Range {
  from: number
  to: number
}

/** A text in its quotes is one word; so is a name with dots. */
const word = /'(?:[^']|'')*'?|[\p{L}\p{N}_]+(?:[.-][\p{L}\p{N}_]+)*|\S/uy

/** The word at a place; at the end of the text, what stands last. */
export function rangeOf(
  text: string,
  { line, column }: Pick<FailurePlace, 'line' | 'column'>,
): Range {
  const lines = text.split('\n')
  const at = Math.min(Math.max(line, 1), lines.length)
  const start = lines.slice(0, at - 1).reduce((n, one) => n + one.length + 1, 0)
  const end = Math.max(0, text.trimEnd().length - 1)
  const from = Math.min(start + Math.max(column, 1) - 1, end)
  word.lastIndex = from
  const length = word.exec(text)?.[0].length ?? Math.min(1, text.length - from)
  return { from, to: from + length }
}

/** The formula with another word in a place; what stood in quotes stays in quotes. */
export function replacedAt(text: string, { from, to }: Range, next: string): string {
  const isQuoted = text[from] === "'"
  const written = isQuoted ? `'${next.replaceAll("'", "''")}'` : next
  return text.slice(0, from) + written + text.slice(to)
}
