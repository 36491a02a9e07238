// Which events have arrived since the page was opened, and is the feed held?
import { useRef, useState } from 'react'
import { useLive, type LiveState } from '@/api/live'
import type { DebugEvent, DebuggerQuery } from '@/api/types'
import { stringifySearch } from '@/app/search'

const KEPT = 1_000

export interface DebugStream {
  events: DebugEvent[]
  /** Arrived while the feed was held. */
  n_held: number
  skipped: number
  state: LiveState
  paused: boolean
  pause: () => void
  resume: () => void
}

interface Feed {
  key: string
  events: DebugEvent[]
  held: DebugEvent[]
  skipped: number
}

const empty = (key: string): Feed => ({ key, events: [], held: [], skipped: 0 })

export function useDebugStream(query: DebuggerQuery, onGap: () => void): DebugStream {
  const key = stringifySearch({ ...query })
  const [stored, setFeed] = useState<Feed>(() => empty(key))
  const [paused, setPaused] = useState(false)
  const held = useRef(paused)
  held.current = paused
  const feed = stored.key === key ? stored : empty(key)

  const change = (f: (feed: Feed) => Feed) =>
    setFeed((old) => f(old.key === key ? old : empty(key)))

  const state = useLive(
    `/api/debugger/stream${key}`,
    {
      debug: (data) => change((old) => withEvent(old, data as DebugEvent, held.current)),
      gap: (data) =>
        change((old) => ({ ...old, skipped: old.skipped + (data as { skipped: number }).skipped })),
    },
    onGap,
  )

  return {
    events: feed.events,
    n_held: feed.held.length,
    skipped: feed.skipped,
    state,
    paused,
    pause: () => setPaused(true),
    resume: () => {
      setPaused(false)
      change((old) => ({
        ...old,
        events: [...old.held, ...old.events].slice(0, KEPT),
        held: [],
        skipped: 0,
      }))
    },
  }
}

function withEvent(feed: Feed, event: DebugEvent, held: boolean): Feed {
  const into = held ? 'held' : 'events'
  return { ...feed, [into]: [event, ...feed[into]].slice(0, KEPT) }
}
