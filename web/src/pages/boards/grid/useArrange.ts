// What becomes of the cards while one of them is held, by pointer or by keyboard?
import { useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react'
import { GAP_PX, ROW_PX } from './BoardGrid'
import { placeWords, type Hold } from './Handles'
import {
  COLUMNS,
  inReadingOrder,
  isSame,
  moved,
  nudged,
  resized,
  type Direction,
  type Placed,
} from './layout'

const directions: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

interface Arrange<T extends Placed> {
  box: RefObject<HTMLDivElement | null>
  cards: T[]
  nameOf: (card: T) => string
  onArrange?: (cards: T[]) => void
  onSaid: (words: string) => void
}

export function useArrange<T extends Placed>(options: Arrange<T>) {
  const { box, cards, nameOf, onArrange, onSaid } = options
  const [trial, setTrial] = useState<{ id: string; cards: T[] } | null>(null)

  const settle = (card: T, next: T[]) => {
    const now = next.find(({ id }) => id === card.id)
    if (!now || isSame(next, cards)) {
      onSaid(`${nameOf(card)} stays where it is`)
      return
    }
    onArrange?.(next)
    onSaid(`${nameOf(card)}: ${placeWords(now.place)}`)
  }

  const onKey = (event: KeyboardEvent, card: T, what: Hold) => {
    const direction = directions[event.key]
    if (!direction) return
    event.preventDefault()
    const handle = event.currentTarget as HTMLElement
    const isSize = what === 'size'
    settle(card, isSize ? steppedSize(cards, card, direction) : nudged(cards, card.id, direction))
    // The card may have gone elsewhere in the document; the hand stays on it.
    requestAnimationFrame(() => {
      handle.focus()
      handle.scrollIntoView({ block: 'nearest' })
    })
  }

  const onHold = (event: PointerEvent, card: T, what: Hold) => {
    if (event.button !== 0 || !box.current) return
    event.preventDefault()
    const handle = event.currentTarget as HTMLElement
    handle.focus()
    handle.setPointerCapture(event.pointerId)
    const from = { x: event.clientX, y: event.clientY + window.scrollY }
    const column = (box.current.clientWidth + GAP_PX) / COLUMNS
    let last = cards

    const at = (moving: globalThis.PointerEvent): T[] => {
      const dx = Math.round((moving.clientX - from.x) / column)
      const dy = Math.round((moving.clientY + window.scrollY - from.y) / (ROW_PX + GAP_PX))
      const { x, y, w, h } = card.place
      return what === 'size'
        ? resized(cards, card.id, { w: w + dx, h: h + dy })
        : moved(cards, card.id, { x: x + dx, y: y + dy })
    }
    const onMove = (moving: globalThis.PointerEvent) => {
      last = at(moving)
      setTrial({ id: card.id, cards: last })
    }
    const end = (keep: boolean) => {
      handle.removeEventListener('pointermove', onMove)
      handle.removeEventListener('pointerup', onUp)
      handle.removeEventListener('pointercancel', onCancel)
      window.removeEventListener('keydown', onEscape, true)
      setTrial(null)
      if (keep && !isSame(last, cards)) settle(card, last)
    }
    const onUp = () => end(true)
    const onCancel = () => end(false)
    const onEscape = (pressed: globalThis.KeyboardEvent) => {
      if (pressed.key !== 'Escape') return
      pressed.stopPropagation()
      end(false)
    }
    handle.addEventListener('pointermove', onMove)
    handle.addEventListener('pointerup', onUp)
    handle.addEventListener('pointercancel', onCancel)
    window.addEventListener('keydown', onEscape, true)
    setTrial({ id: card.id, cards })
  }

  const onStep = (card: T, direction: Direction) =>
    settle(card, steppedInColumn(cards, card, direction))

  return { shown: trial?.cards ?? cards, held: trial?.id ?? null, onKey, onHold, onStep }
}

function steppedSize<T extends Placed>(cards: T[], card: T, direction: Direction): T[] {
  const { w, h } = card.place
  const wide = direction === 'right' ? 1 : direction === 'left' ? -1 : 0
  const high = direction === 'down' ? 1 : direction === 'up' ? -1 : 0
  return resized(cards, card.id, { w: w + wide, h: h + high })
}

/** On a phone the cards are one column: a card goes before or after its neighbour there. */
function steppedInColumn<T extends Placed>(cards: T[], card: T, direction: Direction): T[] {
  const rank = (all: T[]) => inReadingOrder(all).findIndex(({ id }) => id === card.id)
  const neighbour = inReadingOrder(cards)[rank(cards) + (direction === 'up' ? -1 : 1)]
  if (!neighbour) return cards
  const aside = nudged(cards, card.id, direction === 'up' ? 'left' : 'right')
  if (neighbour.place.y === card.place.y && rank(aside) !== rank(cards)) return aside
  return nudged(cards, card.id, direction)
}
