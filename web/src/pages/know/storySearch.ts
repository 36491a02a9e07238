// How do the filters of a timeline stand in the address, and in the question to the API?
import type { TimelineQuery } from '@/api/types'
import { eventKinds, oneOf } from '@/api/words'

export interface StorySearch {
  kind?: string
  name?: string
  text?: string
  since?: string
  until?: string
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Days are the viewer's days: from the midnight that begins one to the one that ends it. */
export function storyQuery(search: StorySearch): TimelineQuery {
  return {
    kind: oneOf(eventKinds, search.kind),
    name: search.name,
    text: search.text,
    since: midnight(search.since, 0),
    until: midnight(search.until, 1),
  }
}

function midnight(day: string | undefined, daysAfter: number): string | undefined {
  if (!day || !DAY.test(day)) return undefined
  const at = new Date(`${day}T00:00:00`)
  if (Number.isNaN(at.getTime())) return undefined
  at.setDate(at.getDate() + daysAfter)
  return at.toISOString()
}
