// How does a question stand in the address of the page?
import type { Insight, StoredQuestion, WholeQuestion } from '@/api/insightTypes'
import { shortKey } from '@/kit/shortKey'
import { completed } from './complete'
import { startOf } from './starts'

export interface InsightSearch {
  /** The insight: trend, funnel, … */
  ask?: string
  /** The question without what goes without saying, as JSON. */
  q?: string
  /** The key of a question that is too long for an address; this browser keeps it. */
  kept?: string
  look?: string
  /** The board from which one came, and to which the answer may be added. */
  board?: string
}

/** Longer addresses are cut off by chat programs and mail. */
export const LONGEST = 6_000

export const insightNames: Insight[] = [
  'trend',
  'funnel',
  'retention',
  'paths',
  'visits',
  'lifecycle',
  'stickiness',
  'rfm',
  'last-touch',
]

/** The parameters of an address that asks this. */
export function searchOf(
  stored: StoredQuestion,
  look?: { chart: string } | string | null,
): InsightSearch {
  const chart = typeof look === 'string' ? look : look?.chart
  const q = JSON.stringify(spared(stored.question))
  const common = { ask: stored.insight, look: chart }
  if (encodeURIComponent(q).length <= LONGEST) return { ...common, q }
  const kept = shortKey(q)
  globalThis.sessionStorage?.setItem(`question ${kept}`, q)
  return { ...common, kept }
}

export interface Read {
  stored: WholeQuestion
  /** Why what is asked is not what the address says. */
  trouble: 'unreadable' | 'elsewhere' | null
}

/** What an address asks; without a question in it, the usual first one of the insight. */
export function questionOf(search: InsightSearch, zone: string): Read {
  const insight = insightNames.find((name) => name === search.ask) ?? 'trend'
  const q = search.kept ? globalThis.sessionStorage?.getItem(`question ${search.kept}`) : search.q
  if (!q) {
    return { stored: startOf(insight, zone), trouble: search.kept ? 'elsewhere' : null }
  }
  const stored = completed(insight, parsed(q), zone)
  if (stored) return { stored, trouble: null }
  return { stored: startOf(insight, zone), trouble: 'unreadable' }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Without nulls, empty lists and the defaults of the API: shorter, and the same question. */
function spared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spared)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    if (inner === null || inner === undefined) return []
    if (Array.isArray(inner) && inner.length === 0) return []
    if (key === 'weeks_begin_on_sunday' && inner === false) return []
    if (key === 'compare' && inner === 'none') return []
    return [[key, spared(inner)]]
  })
  return Object.fromEntries(entries)
}
