// Which name did the engine think was meant, and how does the query read with it?
import { rangeAt } from './place'
import type { Place } from './types'

const told = /Did you mean (?:column )?['"“]([\p{L}\p{N}_.]+)['"”]/iu

/** Its last part: what stands before it in the query stays. */
export function meantIn(words: string): string | null {
  return told.exec(words)?.[1]?.split('.').at(-1) ?? null
}

/** The query with the name at a place put right; what qualifies it stays. */
export function replaced(query: string, place: Place, meant: string): string {
  const { from, to } = rangeAt(query, place)
  const wrong = query.slice(from, to)
  const qualifier = wrong.slice(0, wrong.lastIndexOf('.') + 1)
  return query.slice(0, from) + qualifier + meant + query.slice(to)
}
