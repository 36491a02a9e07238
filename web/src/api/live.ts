// What happens right now? Server-sent events, with the state of the connection in the open.
import { useEffect, useRef, useState } from 'react'

export type LiveState = 'off' | 'connecting' | 'live' | 'lost'

type Handlers = Record<string, (data: unknown) => void>

const RETRY_MS = 5_000

/**
 * Listens to a stream while `url` is given. Handlers may change without a new connection.
 *
 * A hidden tab lets its connection go, because browsers allow only six to one host over
 * HTTP/1.1. `onGap` is called when the stream is back after a pause: read again what was missed.
 */
export function useLive(url: string | null, handlers: Handlers, onGap?: () => void): LiveState {
  const [connected, setConnected] = useState<{ url: string; state: LiveState } | null>(null)
  const current = useRef({ handlers, onGap })
  const names = Object.keys(handlers).join(' ')

  useEffect(() => {
    current.current = { handlers, onGap }
  })

  useEffect(() => {
    if (!url) return
    return connect(url, names.split(' '), {
      onEvent: (name, data) => current.current.handlers[name]?.(data),
      onState: (state) => setConnected({ url, state }),
      onGap: () => current.current.onGap?.(),
    })
  }, [url, names])

  if (!url) return 'off'
  return connected?.url === url ? connected.state : 'connecting'
}

interface Connection {
  onEvent: (name: string, data: unknown) => void
  onState: (state: LiveState) => void
  onGap: () => void
}

/** Opens the stream, keeps it open while the tab is seen, and returns how to end it. */
function connect(url: string, names: string[], { onEvent, onState, onGap }: Connection) {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wasOpen = false

  const close = () => {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }
  const open = () => {
    close()
    source = new EventSource(url)
    source.onopen = () => {
      if (wasOpen) onGap()
      wasOpen = true
      onState('live')
    }
    // The browser reconnects by itself unless the server refused; then we try again later.
    source.onerror = () => {
      onState('lost')
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY_MS)
    }
    for (const name of names) {
      source.addEventListener(name, (event) =>
        onEvent(name, JSON.parse((event as MessageEvent<string>).data || 'null')),
      )
    }
  }
  const onVisibility = () => (document.hidden ? close() : open())

  if (!document.hidden) open()
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    close()
  }
}
