// Which row does the keyboard stand on? Arrows or j/k walk, Enter opens.
import { useState, type KeyboardEvent } from 'react'

const PAGE_ROWS = 15

interface ActiveRowOptions {
  count: number
  scrollTo: (index: number) => void
  open: (index: number) => void
}

export function useActiveRow({ count, scrollTo, open }: ActiveRowOptions) {
  const [wanted, setActive] = useState<number | null>(null)
  const active = wanted === null || count === 0 ? null : Math.min(wanted, count - 1)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target !== event.currentTarget) return
    if (event.key === 'Enter' && active !== null) {
      event.preventDefault()
      open(active)
      return
    }
    const target = targetOf(event.key, active, count)
    if (target === null) return
    event.preventDefault()
    setActive(target)
    scrollTo(target)
  }

  return { active, setActive, onKeyDown }
}

function targetOf(key: string, active: number | null, count: number): number | null {
  if (count === 0) return null
  const at = active ?? -1
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    j: at + 1,
    ArrowUp: at - 1,
    k: at - 1,
    PageDown: at + PAGE_ROWS,
    PageUp: at - PAGE_ROWS,
    Home: 0,
    End: count - 1,
  }
  const target = steps[key]
  return target === undefined ? null : Math.max(0, Math.min(count - 1, target))
}
