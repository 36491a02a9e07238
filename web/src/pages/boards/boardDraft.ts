// What becomes of a board while somebody changes it, before it is saved?
import type { Board, BoardChange, Card } from '@/api/boardTypes'
import { compact, gapFor } from './grid/layout'

export type Draft = Pick<Board, 'name' | 'note' | 'cards'>

export const draftOf = ({ name, note, cards }: Draft): Draft => ({ name, note, cards })

/** What is sent to be saved on top of `version`. */
export const changeOf = (draft: Draft, version: number): BoardChange => ({
  ...draft,
  name: draft.name.trim(),
  note: draft.note.trim(),
  version,
})

export function isChanged(draft: Draft, board: Draft): boolean {
  return JSON.stringify(draftOf(draft)) !== JSON.stringify(draftOf(board))
}

/** The board with one more card, in the first gap that is large enough. */
export function withCard(draft: Draft, card: Omit<Card, 'place'>, size: Size): Draft {
  const place = gapFor(draft.cards, size)
  return { ...draft, cards: [...draft.cards, { ...card, place }] }
}

export function withoutCard(draft: Draft, id: string): Draft {
  return { ...draft, cards: compact(draft.cards.filter((card) => card.id !== id)) }
}

/** A card that was taken away, back where it was; what took its place makes room. */
export function withCardAgain(draft: Draft, card: Card): Draft {
  if (draft.cards.some(({ id }) => id === card.id)) return draft
  return { ...draft, cards: compact([...draft.cards, card], card.id) }
}

export function withCopy(draft: Draft, id: string, newId: string): Draft {
  const card = draft.cards.find((c) => c.id === id)
  if (!card) return draft
  return withCard(draft, { ...card, id: newId, title: `${card.title} (copy)` }, card.place)
}

export function withCardChanged(draft: Draft, id: string, part: Partial<Card>): Draft {
  return {
    ...draft,
    cards: draft.cards.map((card) => (card.id === id ? { ...card, ...part } : card)),
  }
}

interface Size {
  w: number
  h: number
}

/** How large a picture wants to be. */
export function sizeFor(chart: Card['look']['chart']): Size {
  if (chart === 'number') return { w: 3, h: 2 }
  if (chart === 'sankey' || chart === 'heat') return { w: 12, h: 5 }
  return { w: 6, h: 4 }
}

/** An id that no other card of the board has. */
export function newCardId(): string {
  return `k_${crypto.getRandomValues(new Uint32Array(2)).join('')}`
}
