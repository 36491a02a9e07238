// Which key answers a pair? Only when it cannot be meant for anything else.
import { useLayoutEffect, useRef } from 'react'

const SEQUENCE_MS = 1_000

/** `keys` are single letters, or Enter; what has no action now is left to the page. */
export function useReviewKeys(keys: Record<string, (() => void) | undefined>) {
  const current = useRef(keys)
  // Before the pair is seen: a key pressed at first sight counts.
  useLayoutEffect(() => {
    current.current = keys
  })

  useLayoutEffect(() => {
    let wentAt = -Infinity
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const isSecond = event.timeStamp - wentAt < SEQUENCE_MS
      wentAt = event.key === 'g' ? event.timeStamp : -Infinity
      // Held down, a key would answer pairs that nobody has read; "g s" leads elsewhere.
      if (event.defaultPrevented || event.repeat || isSecond) return
      if (isElsewhere(event)) return
      const run = current.current[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (!run) return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

/** Typing, in a dialog, or Enter on something that Enter already means something for. */
function isElsewhere(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null
  if (document.querySelector('[role="dialog"]')) return true
  if (target?.closest?.('input, textarea, select, [contenteditable="true"]')) return true
  return event.key === 'Enter' && Boolean(target?.closest?.('a, button, summary'))
}
