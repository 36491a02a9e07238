// Where do the cards of a board lie? Twelve columns, nothing overlaps, nothing floats.

export const COLUMNS = 12
/** A card narrower or lower than this cannot be read. */
export const W_MIN = 2
export const H_MIN = 2
export const H_MAX = 12

/** Column and row from 0, width and height in cells. */
export interface Place {
  x: number
  y: number
  w: number
  h: number
}

export interface Placed {
  id: string
  place: Place
}

export type Direction = 'left' | 'right' | 'up' | 'down'

export function overlaps(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

/** The nearest place that is on the board at all. */
export function clamped(place: Place): Place {
  const w = between(Math.round(place.w), W_MIN, COLUMNS)
  const h = between(Math.round(place.h), H_MIN, H_MAX)
  return {
    w,
    h,
    x: between(Math.round(place.x), 0, COLUMNS - w),
    y: Math.max(0, Math.round(place.y)),
  }
}

/** As one reads: row by row, from left to right. Where two begin at one place, `first` leads. */
export function inReadingOrder<T extends Placed>(cards: T[], first?: string): T[] {
  return [...cards].sort(
    (a, b) =>
      a.place.y - b.place.y ||
      Number(b.id === first) - Number(a.id === first) ||
      a.place.x - b.place.x ||
      (a.id < b.id ? -1 : 1),
  )
}

/**
 * The same cards without overlaps and without empty rows above any of them: each in turn goes
 * down until it is free and then up as far as it can. Its order is that of the cards given.
 */
export function compact<T extends Placed>(cards: T[], first?: string): T[] {
  const done = new Map<string, T>()
  for (const card of inReadingOrder(cards, first)) {
    const lying = [...done.values()]
    const isFree = (y: number, place: Place) =>
      lying.every((other) => !overlaps({ ...place, y }, other.place))
    const place = clamped(card.place)
    while (!isFree(place.y, place)) place.y += 1
    while (place.y > 0 && isFree(place.y - 1, place)) place.y -= 1
    done.set(card.id, { ...card, place })
  }
  return cards.map((card) => done.get(card.id)!)
}

/** The board with one card put elsewhere; those in its way go down, or change places with it. */
export function moved<T extends Placed>(cards: T[], id: string, to: { x: number; y: number }): T[] {
  const card = cards.find((c) => c.id === id)
  if (!card) return cards
  const target = clamped({ ...card.place, ...to })
  const other = halfCovered(cards, id, target)
  if (other) return compact(replaced(replaced(cards, id, other.place), other.id, card.place), id)
  return compact(replaced(cards, id, target), id)
}

/** The board with one card made wider, narrower, higher or lower. */
export function resized<T extends Placed>(
  cards: T[],
  id: string,
  size: { w: number; h: number },
): T[] {
  const card = cards.find((c) => c.id === id)
  if (!card) return cards
  const w = between(Math.round(size.w), W_MIN, COLUMNS - card.place.x)
  return compact(replaced(cards, id, clamped({ ...card.place, w, h: size.h })), id)
}

/**
 * One step by keyboard: a neighbour of the same height changes places with the card; else the
 * card goes on until something is different.
 */
export function nudged<T extends Placed>(cards: T[], id: string, direction: Direction): T[] {
  const card = cards.find((c) => c.id === id)
  if (!card) return cards
  const { x, y } = card.place
  if (direction === 'left' || direction === 'right') {
    const swapped = swappedAside(cards, card, direction)
    return swapped ?? moved(cards, id, { x: x + (direction === 'left' ? -1 : 1), y })
  }
  const step = direction === 'up' ? -1 : 1
  for (let to = y + step; to >= 0 && to <= heightOf(cards); to += step) {
    const next = compact(replaced(cards, id, { ...card.place, y: to }), id)
    if (!isSame(next, cards)) return next
  }
  return cards
}

/** Where a new card goes: the first gap that is large enough, read from above. */
export function gapFor(cards: Placed[], size: { w: number; h: number }): Place {
  const { w, h } = clamped({ x: 0, y: 0, ...size })
  for (let y = 0; y <= heightOf(cards); y += 1) {
    for (let x = 0; x <= COLUMNS - w; x += 1) {
      const place = { x, y, w, h }
      if (cards.every((card) => !overlaps(place, card.place))) return place
    }
  }
  return { x: 0, y: heightOf(cards), w, h }
}

/** How many rows are taken. */
export function heightOf(cards: Placed[]): number {
  return cards.reduce((rows, { place }) => Math.max(rows, place.y + place.h), 0)
}

export function isSame(a: Placed[], b: Placed[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ id, place }, i) => {
      const other = b[i]!
      const { x, y, w, h } = other.place
      return id === other.id && place.x === x && place.y === y && place.w === w && place.h === h
    })
  )
}

/** The only card of the same size that would be covered by half or more. */
function halfCovered<T extends Placed>(cards: T[], id: string, target: Place): T | null {
  const hit = cards.filter((card) => card.id !== id && overlaps(card.place, target))
  const [other] = hit
  if (!other || hit.length > 1) return null
  if (other.place.w !== target.w || other.place.h !== target.h) return null
  const wide = target.w - Math.abs(other.place.x - target.x)
  const high = target.h - Math.abs(other.place.y - target.y)
  return wide * high * 2 >= target.w * target.h ? other : null
}

function swappedAside<T extends Placed>(
  cards: T[],
  card: T,
  direction: 'left' | 'right',
): T[] | null {
  const { x, y, w, h } = card.place
  const aside = cards.find(({ id, place }) => {
    const touches = direction === 'right' ? place.x === x + w : place.x + place.w === x
    return id !== card.id && touches && place.y === y && place.h === h
  })
  if (!aside) return null
  const left = direction === 'right' ? x : aside.place.x
  const mine = { ...card.place, x: direction === 'right' ? left + aside.place.w : left }
  const theirs = { ...aside.place, x: direction === 'right' ? left : left + w }
  return compact(replaced(replaced(cards, card.id, mine), aside.id, theirs), card.id)
}

function replaced<T extends Placed>(cards: T[], id: string, place: Place): T[] {
  return cards.map((card) => (card.id === id ? { ...card, place } : card))
}

const between = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
