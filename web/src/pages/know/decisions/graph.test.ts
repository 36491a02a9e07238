import { expect, test } from 'vitest'
import type { IdentityLink, NamedIdentifier } from '@/api/types'
import { graphOf } from './graph'

const id = (value: string): NamedIdentifier => ({ kind: 'user_id', value })
const link = (a: string, b: string, more: Partial<IdentityLink> = {}): IdentityLink => ({
  a: id(a),
  b: id(b),
  rule: 'same_event',
  words: '',
  occurred_at: '2026-11-01T10:00:00Z',
  active: true,
  inert: null,
  why_inert: null,
  rules_version: 0,
  source: null,
  message_id: '',
  ...more,
})

test('without links there is nothing to draw', () => {
  expect(graphOf([id('u')], [])).toBeNull()
})

test('every identifier is one row, far ends come last and once', () => {
  const links = [
    link('u', 'b'),
    link('x', 'b', { active: false, inert: 'two_user_ids' }),
    link('x', 'u', { active: false, inert: 'two_user_ids' }),
  ]
  const graph = graphOf([id('u'), id('b')], links)!
  expect(graph.nodes.map(({ value, isOutside }) => [value, isOutside])).toEqual([
    ['u', false],
    ['b', false],
    ['x', true],
  ])
  expect(graph.arcs.map(({ from, to }) => [from, to])).toEqual([
    [0, 1],
    [1, 2],
    [0, 2],
  ])
})

test('no two links between the same two lie on one another, and wider arcs reach further', () => {
  const links = [link('a', 'b'), link('b', 'a', { rule: 'trait' }), link('a', 'c')]
  const { arcs } = graphOf([id('a'), id('b'), id('c')], links)!
  expect(new Set(arcs.map((arc) => arc.reach)).size).toBe(3)
  expect(new Set(arcs.map((arc) => arc.key)).size).toBe(3)
  expect(arcs[2]!.reach).toBeGreaterThan(arcs[1]!.reach)
})
