// Where does the keyboard go when one list takes the place of another?
import { useEffect, useRef, type ReactNode } from 'react'

/** The first field or button inside has the focus, once: the list before took it away with it. */
export function FocusFirst({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('input, form button, button')
    first?.focus({ preventScroll: true })
  }, [])
  return <div ref={box}>{children}</div>
}
