// Which keys do what, everywhere? "g h" means g, then h within a second.
import { useLayoutEffect, useRef } from 'react'

export interface Shortcut {
  keys: string
  does: string
  run: () => void
}

const SEQUENCE_MS = 1000

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null
  return Boolean(element?.closest?.('input, textarea, select, [contenteditable="true"]'))
}

function nameOf(event: KeyboardEvent): string {
  return event.ctrlKey || event.metaKey ? `ctrl ${event.key.toLowerCase()}` : event.key
}

/** Listens for the shortcuts while the component is there. */
export function useShortcuts(shortcuts: Shortcut[]) {
  const current = useRef(shortcuts)
  // Before the page is seen: a key pressed at first sight counts.
  useLayoutEffect(() => {
    current.current = shortcuts
  })

  useLayoutEffect(() => {
    let first = ''
    let firstAt = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return
      const name = nameOf(event)
      if (isTyping(event.target) && !name.startsWith('ctrl ')) return
      const sequence = event.timeStamp - firstAt < SEQUENCE_MS ? `${first} ${name}` : name
      const hit = current.current.find((s) => s.keys === sequence || s.keys === name)
      first = name
      firstAt = event.timeStamp
      if (!hit) return
      event.preventDefault()
      first = ''
      hit.run()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
