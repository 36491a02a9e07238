// How does a draft of a definition stand in the address of the page?
import type { Definition } from '@/api/definitionTypes'
import { shortKey } from '@/kit/shortKey'
import { LONGEST } from '@/pages/ask/address'
import { definitionOf } from './shape'

export interface DraftSearch {
  /** The definition as JSON. */
  d?: string
  /** The key of a definition that is too long for an address; this browser keeps it. */
  kept?: string
}

export function searchOf(definition: Definition): DraftSearch {
  const d = JSON.stringify(definition)
  if (encodeURIComponent(d).length <= LONGEST) return { d }
  const kept = shortKey(d)
  globalThis.sessionStorage?.setItem(`definition ${kept}`, d)
  return { kept }
}

export interface Found {
  /** Null where the address has none. */
  definition: Definition | null
  /** Why what is shown is not what the address says. */
  trouble: 'unreadable' | 'elsewhere' | null
}

export function definitionFrom({ d, kept }: DraftSearch, zone: string): Found {
  const text = kept ? globalThis.sessionStorage?.getItem(`definition ${kept}`) : d
  if (!text) return { definition: null, trouble: kept ? 'elsewhere' : null }
  const definition = definitionOf(parsed(text), zone)
  return { definition, trouble: definition ? null : 'unreadable' }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
