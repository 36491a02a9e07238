import { describe, expect, it } from 'vitest'
import type { Relations } from '@/api/types'
import { circleOf, DRAWN_MAX } from './circle'

const tie = (kind: 'referral' | 'mention', from: string, to: string) =>
  ({ kind, from, to }) as Relations['relations'][number]

const view = (parts: Partial<Relations>): Relations =>
  ({
    customer_id: 'me',
    people: [],
    relations: [],
    n_related: 0,
    waiting: [],
    n_own: 0,
    codes: [],
    households: [],
    freshness_at: '2026-01-01T00:00:00Z',
    ...parts,
  }) as Relations

describe('the circle of a customer', () => {
  it('is nothing without relations', () => {
    expect(circleOf(view({}))).toBeNull()
    expect(circleOf(view({ relations: [tie('mention', 'a', 'b')] }))).toBeNull()
  })

  it('has the customer in the middle and lines among the others too', () => {
    const relations = [
      tie('referral', 'a', 'me'),
      tie('mention', 'me', 'b'),
      tie('mention', 'a', 'b'),
      tie('mention', 'a', 'gone'),
    ]
    const circle = circleOf(view({ relations, n_related: 2 }))!
    expect(circle.people.map(({ id }) => id)).toEqual(['me', 'a', 'b'])
    expect(circle.lines.map(({ from, to }) => `${from} ${to}`)).toEqual(['a me', 'me b', 'a b'])
    expect(circle.n_more).toBe(0)
    expect(new Set(circle.people.map(({ x, y }) => `${x} ${y}`)).size).toBe(3)
  })

  it('draws there and back as two lines', () => {
    const relations = [tie('mention', 'a', 'me'), tie('mention', 'me', 'a')]
    const [there, back] = circleOf(view({ relations }))!.lines
    expect(there!.path).not.toBe(back!.path)
  })

  it('leaves out whom it cannot show, and says how many', () => {
    const relations = Array.from({ length: 30 }, (_, n) => tie('referral', 'me', `p${n}`))
    const circle = circleOf(view({ relations, n_related: 120 }))!
    expect(circle.people).toHaveLength(DRAWN_MAX + 1)
    expect(circle.n_more).toBe(120 - DRAWN_MAX)
  })

  it('has who lives with them, unless they were taken out', () => {
    const household = (is_member: boolean) =>
      ({ is_member, people: [{ id: 'a' }] }) as Relations['households'][number]
    expect(circleOf(view({ households: [household(true)] }))!.lines[0]!.kind).toBe('household')
    expect(circleOf(view({ households: [household(false)] }))).toBeNull()
  })
})
