// Does a draft keep its cards apart, give back what was taken, and know whether it differs?
import { expect, it } from 'vitest'
import type { Card } from '@/api/boardTypes'
import {
  changeOf,
  draftOf,
  isChanged,
  withCard,
  withCardAgain,
  withCardChanged,
  withCopy,
  withoutCard,
  type Draft,
} from './boardDraft'
import { firstFrame } from '../metrics/frames'
import { overlaps } from './grid/layout'

const card = (id: string, x: number, y: number): Card => ({
  id,
  title: `Card ${id}`,
  note: null,
  ask: { metric: 'orders', ...firstFrame({ definition: { is: 'trend', series: [] } }) },
  look: { chart: 'line' },
  place: { x, y, w: 6, h: 4 },
})
const board: Draft = {
  name: 'Shop',
  note: '',
  cards: [card('a', 0, 0), card('b', 6, 0), card('c', 0, 4)],
}

it('takes a card away and puts it back where it was', () => {
  const without = withoutCard(board, 'a')
  expect(without.cards.map(({ id, place }) => [id, place.y])).toEqual([
    ['b', 0],
    ['c', 0],
  ])
  const again = withCardAgain(without, board.cards[0]!)
  expect(again.cards.find(({ id }) => id === 'a')!.place).toEqual(board.cards[0]!.place)
  expect(again.cards.find(({ id }) => id === 'c')!.place.y).toBe(4)
  expect(withCardAgain(again, board.cards[0]!)).toBe(again)
})

it('puts copies and new cards where there is room', () => {
  const copied = withCopy(board, 'b', 'd')
  expect(copied.cards.at(-1)).toMatchObject({
    id: 'd',
    title: 'Card b (copy)',
    place: { x: 6, y: 4, w: 6, h: 4 },
  })
  const more = withCard(copied, card('e', 0, 0), { w: 3, h: 2 })
  for (const one of more.cards) {
    expect(more.cards.filter((other) => overlaps(one.place, other.place))).toEqual([one])
  }
  expect(withCopy(board, 'zz', 'd')).toBe(board)
})

it('knows whether it differs, and what is sent', () => {
  expect(isChanged(draftOf(board), board)).toBe(false)
  const renamed = withCardChanged(board, 'a', { title: ' Orders ' })
  expect(isChanged(renamed, board)).toBe(true)
  expect(changeOf({ ...renamed, name: ' Shop ' }, 7)).toMatchObject({ name: 'Shop', version: 7 })
})
