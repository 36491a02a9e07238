// Does a board stay readable whatever is done to its cards?
import { describe, expect, it } from 'vitest'
import {
  clamped,
  compact,
  COLUMNS,
  gapFor,
  heightOf,
  inReadingOrder,
  isSame,
  moved,
  nudged,
  overlaps,
  resized,
  type Direction,
  type Placed,
} from './layout'

/** A board as one sees it: a letter for each card, a dot for nothing, four columns to a letter. */
function drawn(cards: Placed[]): string[] {
  return Array.from({ length: heightOf(cards) / 2 }, (_, row) =>
    [0, 4, 8]
      .map((x) => cards.find((c) => overlaps(c.place, { x, y: row * 2, w: 1, h: 1 }))?.id ?? '.')
      .join(''),
  )
}

/** The cards of such a picture; a letter that stands several times is a larger card. */
function board(...rows: string[]): Placed[] {
  const ids = [...new Set(rows.join('').replaceAll('.', ''))]
  return ids.map((id) => {
    const y = rows.findIndex((row) => row.includes(id))
    const x = rows[y]!.indexOf(id)
    const w = rows[y]!.lastIndexOf(id) - x + 1
    const h = rows.filter((row) => row.includes(id)).length
    return { id, place: { x: x * 4, y: y * 2, w: w * 4, h: h * 2 } }
  })
}

function expectSound(cards: Placed[]) {
  for (const a of cards) {
    expect(a.place).toEqual(clamped(a.place))
    for (const b of cards) expect(a === b || !overlaps(a.place, b.place)).toBe(true)
  }
  expect(isSame(compact(cards), cards)).toBe(true)
}

describe('compact', () => {
  const cases: [string, string[], string[]][] = [
    ['lifts what floats', ['...', 'aa.', '..b'], ['aab']],
    ['leaves gaps beside', ['a.b', 'ccc'], ['a.b', 'ccc']],
    ['does not lift over another card', ['aa.', '...', '.bb'], ['aa.', '.bb']],
  ]
  it.each(cases)('%s', (_, before, after) => {
    expect(drawn(compact(board(...before)))).toEqual(after)
  })

  it('parts what overlaps, the first in reading order stays', () => {
    const place = { x: 0, y: 0, w: 4, h: 2 }
    const cards = [
      { id: 'b', place: { ...place, y: 1 } },
      { id: 'a', place },
    ]
    expect(drawn(compact(cards))).toEqual(['a..', 'b..'])
  })

  it('brings what is beyond the edge back', () => {
    const [card] = compact([{ id: 'a', place: { x: 11, y: 3, w: 40, h: 0 } }])
    expect(card!.place).toEqual({ x: 0, y: 0, w: COLUMNS, h: 2 })
  })
})

describe('moved', () => {
  it('pushes down what is in the way', () => {
    const after = moved(board('aab', 'cc.'), 'b', { x: 4, y: 0 })
    expect(drawn(after)).toEqual(['.b.', 'aa.', 'cc.'])
    expectSound(after)
  })

  it('changes places with a card of the same size once half of it is covered', () => {
    expect(drawn(moved(board('abc'), 'a', { x: 1, y: 0 }))).toEqual(['.ac', '.b.'])
    expect(drawn(moved(board('abc'), 'a', { x: 2, y: 0 }))).toEqual(['bac'])
  })

  it('leaves everything where there is no such card', () => {
    const cards = board('ab.')
    expect(moved(cards, 'z', { x: 0, y: 0 })).toBe(cards)
  })
})

describe('resized', () => {
  it('pushes down what is in the way and never leaves the board', () => {
    const after = resized(board('abc'), 'b', { w: 40, h: 2 })
    expect(drawn(after)).toEqual(['abb', '..c'])
    expectSound(after)
  })

  it('keeps a card readable', () => {
    expect(resized(board('a..'), 'a', { w: 0, h: 0 })[0]!.place).toMatchObject({ w: 2, h: 2 })
  })
})

describe('nudged', () => {
  const cases: [string, string[], string, Direction, string[]][] = [
    ['swaps with a neighbour to the right', ['aab'], 'a', 'right', ['baa']],
    ['and to the left', ['aab'], 'b', 'left', ['baa']],
    ['goes below the next card', ['aaa', 'bb.'], 'a', 'down', ['bb.', 'aaa']],
    ['goes above the one before', ['aaa', 'b..'], 'b', 'up', ['b..', 'aaa']],
    ['stays at the top', ['ab.'], 'a', 'up', ['ab.']],
    ['stays at the bottom', ['a..', 'b..'], 'b', 'down', ['a..', 'b..']],
    ['stays at the edge', ['a..'], 'a', 'left', ['a..']],
  ]
  it.each(cases)('%s', (_, before, id, direction, after) => {
    expect(drawn(nudged(board(...before), id, direction))).toEqual(after)
  })

  it('goes one column where nobody is beside', () => {
    expect(nudged(board('a..'), 'a', 'right')[0]!.place.x).toBe(1)
  })
})

describe('gapFor', () => {
  it('finds the first gap, else a row of its own', () => {
    expect(gapFor(board('a.b', 'ccc'), { w: 4, h: 2 })).toEqual({ x: 4, y: 0, w: 4, h: 2 })
    expect(gapFor(board('a.b', 'ccc'), { w: 6, h: 4 })).toEqual({ x: 0, y: 4, w: 6, h: 4 })
  })
})

it('reads row by row', () => {
  expect(inReadingOrder(board('ab.', 'cdd')).map((card) => card.id)).toEqual(['a', 'b', 'c', 'd'])
})

it('stays sound whatever is done', () => {
  let state = 7
  const below = (n: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * n)
  }
  const directions: Direction[] = ['left', 'right', 'up', 'down']
  let cards = board('aab', 'cde', 'cff', 'ggg')
  for (let turn = 0; turn < 500; turn += 1) {
    const { id } = cards[below(cards.length)]!
    const what = below(3)
    if (what === 0) cards = moved(cards, id, { x: below(16) - 2, y: below(14) - 2 })
    if (what === 1) cards = resized(cards, id, { w: below(14), h: below(9) })
    if (what === 2) cards = nudged(cards, id, directions[below(4)]!)
    expect(cards.map((card) => card.id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
    expectSound(cards)
  }
})
