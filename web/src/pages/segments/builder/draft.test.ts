// Does a change of one place leave everything else as it was?
import { describe, expect, it } from 'vitest'
import type { Node } from '@/api/definitionTypes'
import {
  added,
  changed,
  contrary,
  countNodes,
  depthOf,
  doubled,
  everybody,
  grouped,
  joined,
  linesOf,
  lifted,
  moved,
  nameOf,
  nodeAt,
  removed,
  tooMuch,
  turned,
} from './draft'
import { did, didNot, eventNamed, sameOf } from './starts'

const a = did(eventNamed('A'))
const b = did(eventNamed('B'))
const c = did(eventNamed('C'))
const inner: Node = { is: 'any', of: [b, c] }
const tree: Node = { is: 'all', of: [a, inner] }
const same = sameOf({ of: 'property', path: 'product_id' }, a)

/** Every object of a tree is frozen: a change in place would throw. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen)
    Object.freeze(value)
  }
  return value
}
frozen([tree, same])

describe('the tree of a definition', () => {
  it('names places as the engine does', () => {
    expect(nameOf([])).toBe('who')
    expect(nameOf([1, 0])).toBe('who.of[1].of[0]')
    expect(nameOf([0, 'who', 2])).toBe('who.of[0].who.of[2]')
  })

  it('finds what stands at a place', () => {
    expect(nodeAt(tree, [1, 0])).toBe(b)
    expect(nodeAt(same, ['who'])).toBe(a)
    expect(nodeAt(tree, [7])).toBeUndefined()
    expect(nodeAt(tree, ['who'])).toBeUndefined()
  })

  it('changes one place and shares the rest', () => {
    const next = changed(tree, [1, 1], () => a)
    expect(next).toEqual({ is: 'all', of: [a, { is: 'any', of: [b, a] }] })
    expect(nodeAt(next, [0])).toBe(a)
    expect(changed(same, ['who'], () => b)).toEqual({ ...same, who: b })
  })

  it('leaves the tree as it is where there is no such place', () => {
    expect(changed(tree, [5, 2], () => a)).toEqual(tree)
    expect(moved(tree, [0], -1)).toEqual(tree)
    expect(doubled(tree, [])).toEqual(tree)
  })

  it('takes a group away with its last condition', () => {
    expect(removed(removed(tree, [1, 0]), [1, 0])).toEqual({ is: 'all', of: [a] })
    expect(removed(same, ['who'])).toEqual(everybody)
    expect(removed(a, [])).toEqual(everybody)
  })

  it('adds to a group, and makes one of a single condition', () => {
    expect(added(tree, [1], a)).toEqual({ is: 'all', of: [a, { is: 'any', of: [b, c, a] }] })
    expect(added(a, [], b)).toEqual({ is: 'all', of: [a, b] })
    expect(added(same, ['who'], b)).toEqual({ ...same, who: { is: 'all', of: [a, b] } })
  })

  it('turns a condition into its contrary and back', () => {
    expect(turned(tree, [0])).toEqual({ is: 'all', of: [didNot(eventNamed('A')), inner] })
    expect(turned(turned(tree, [0]), [0])).toEqual(tree)
    expect(contrary({ is: 'none', of: [a, b] })).toEqual({ is: 'any', of: [a, b] })
    expect(contrary(inner)).toEqual({ is: 'none', of: [inner] })
  })

  it('moves, doubles, groups and lifts', () => {
    expect(moved(tree, [1, 0], 1)).toEqual({ is: 'all', of: [a, { is: 'any', of: [c, b] }] })
    expect(doubled(tree, [0])).toEqual({ is: 'all', of: [a, a, inner] })
    expect(grouped(tree, [0], 'any')).toEqual({ is: 'all', of: [{ is: 'any', of: [a] }, inner] })
    expect(lifted(tree, [1, 0])).toEqual({ is: 'all', of: [a, { is: 'any', of: [c] }, b] })
    const alone: Node = { is: 'all', of: [a, { is: 'any', of: [b] }] }
    expect(lifted(alone, [1, 0])).toEqual({ is: 'all', of: [a, b] })
    expect(lifted(tree, [0])).toEqual(tree)
  })

  it('changes how conditions go together', () => {
    expect(joined(tree, [1], 'none')).toEqual({ is: 'all', of: [a, { is: 'none', of: [b, c] }] })
    expect(joined(a, [], 'any')).toEqual({ is: 'any', of: [a] })
  })

  it('has a line for each condition and each group inside', () => {
    const names = (node: Node) => linesOf(node).map(nameOf)
    expect(names(tree)).toEqual(['who.of[0]', 'who.of[1]', 'who.of[1].of[0]', 'who.of[1].of[1]'])
    expect(names(turned(tree, [0]))[0]).toBe('who.of[0]')
    expect(names(didNot(eventNamed('A')))).toEqual(['who'])
    expect(names({ is: 'none', of: [a, b] })).toEqual(['who.of[0]', 'who.of[1]'])
  })

  it('counts what the engine limits', () => {
    expect(countNodes(tree)).toBe(5)
    expect(depthOf(tree)).toBe(3)
    expect(tooMuch(tree)).toBeNull()
    expect(tooMuch({ is: 'all', of: Array.from({ length: 100 }, () => a) })).toMatch(/at most 100/)
    let deep: Node = a
    for (let i = 0; i < 8; i += 1) deep = { is: 'any', of: [deep] }
    expect(tooMuch(deep)).toMatch(/at most 8 deep/)
  })
})
