// Where in the query is what the engine complains about?
import type { Place } from './types'

const told = /\bline:?\s*(\d+),?\s*column:?\s*(\d+)/i

/** The place that a message names. */
export function placeIn(message: string): Place | null {
  const found = told.exec(message)
  return found ? { line: Number(found[1]), column: Number(found[2]) } : null
}

/** The message without the place, which is said (and shown) apart. */
export function withoutPlace(message: string): string {
  return message.replace(/[\s,(]*\bat\s+line:?\s*\d+,?\s*column:?\s*\d+\)?/gi, '').trim()
}

const words = /[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*|\S/uy

/** From where to where the word at a place stands; an empty query has none. */
export function rangeAt(query: string, { line, column }: Place): { from: number; to: number } {
  const lines = query.split('\n')
  const at = Math.min(Math.max(line, 1), lines.length)
  const start = lines.slice(0, at - 1).reduce((n, text) => n + text.length + 1, 0)
  const text = lines[at - 1] ?? ''
  const offset = Math.min(Math.max(column, 1) - 1, Math.max(0, text.trimEnd().length - 1))
  words.lastIndex = offset
  const length = words.exec(text)?.[0].length ?? Math.min(1, text.length - offset)
  return { from: start + offset, to: start + offset + length }
}

/** Where the first mention of a name stands, outside of texts and comments. */
export function placeOfName(query: string, name: string): Place | null {
  const blank = query.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.replace(/[^\n]/g, ' '),
  )
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const at = new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'iu').exec(blank)
  if (!at) return null
  const before = query.slice(0, at.index).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

const named = /(?:No field named|table|function) '?"?([\p{L}\p{N}_.]+)"?'?/iu

/** The place of an error: as told, else where the name stands that it speaks of. */
export function placeOf(message: string, query: string): Place | null {
  const place = placeIn(message)
  if (place) return place
  const name = named.exec(message)?.[1]?.replace(/\.$/, '')
  if (!name) return null
  return placeOfName(query, name) ?? placeOfName(query, name.split('.').at(-1)!)
}
