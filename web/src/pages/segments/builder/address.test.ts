// Does an address hold the definition that was built, also when somebody cut it off?
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Definition, Node } from '@/api/definitionTypes'
import { LONGEST } from '@/pages/ask/address'
import { definitionFrom, searchOf } from './address'
import { everybody } from './draft'
import { nodeOf } from './shape'
import {
  aTenth,
  did,
  didNot,
  eventNamed,
  fact,
  inOrder,
  inSegment,
  mayWrite,
  notFollowed,
  sameOf,
  templates,
} from './starts'

const clock = { time_zone: 'Europe/Berlin', weeks_begin_on_sunday: false }
const category = { field: { of: 'property', path: 'category' }, view: 'whole' } as const
const [a, b] = [eventNamed('A'), eventNamed('B')]

/** One of every kind. */
const every: Node[] = [
  did({ ...a, tests: [{ ...category, op: 'is', values: ['Cameras', 'Hubs'] }] }),
  didNot(b, { is: 'since', which: 'first', events: a }),
  {
    ...did(a, { is: 'period', period: { kind: 'last', n: 3, grain: 'month', current: false } }),
    measure: { is: 'distinct', by: category },
    number: { op: 'between', low: 2, high: 5 },
  },
  fact({ of: 'trait', name: 'birthday' }, { op: 'yearly_in_next', days: 7 }),
  fact({ of: 'list', name: 'interests' }, { op: 'has', values: ['garden'] }),
  fact({ of: 'trait', name: 'app' }, { op: 'version', than: 'at_least', version: '1.4.0' }),
  fact({ of: 'own', name: 'last_seen' }, { op: 'more_than_ago', length: '2 weeks' }),
  fact({ of: 'account', name: 'industry' }, { op: 'exists' }),
  fact({ of: 'computed', trait: 'orders-90d' }, { op: 'at_least', value: 2 }),
  mayWrite(),
  inSegment('eu-residents'),
  {
    is: 'value',
    which: 'most_frequent',
    label: category,
    events: a,
    window: { is: 'ever' },
    op: 'is',
    values: ['Cameras'],
  },
  inOrder([a, b]),
  { ...notFollowed(a, b), same: category },
  sameOf(category.field, { is: 'any', of: [did(a), did(b)] }),
  aTenth('spring'),
]

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
})

describe('a definition in the address', () => {
  it('comes back as it went in, whatever it says', () => {
    const all: Node[] = [
      everybody,
      ...every,
      ...templates.map(({ who }) => who),
      { is: 'none', of: [{ is: 'all', of: every.slice(0, 6) }, ...every.slice(6, 9)] },
    ]
    for (const who of all) {
      const definition: Definition = { clock, who }
      expect(definitionFrom(searchOf(definition), 'UTC')).toEqual({ definition, trouble: null })
    }
  })

  it('stays in this tab where it is too long for a link', () => {
    const definition: Definition = {
      clock,
      who: { is: 'all', of: [...every, ...every, ...every] },
    }
    const search = searchOf(definition)
    expect(search.d).toBeUndefined()
    expect(JSON.stringify(search).length).toBeLessThan(LONGEST)
    expect(definitionFrom(search, 'UTC').definition).toEqual(definition)
    vi.stubGlobal('sessionStorage', { getItem: () => null })
    expect(definitionFrom(search, 'UTC')).toEqual({ definition: null, trouble: 'elsewhere' })
  })

  it('says so where it was cut off or is no definition', () => {
    const { d = '' } = searchOf({ clock, who: { is: 'all', of: every.slice(0, 3) } })
    expect(definitionFrom({ d: d.slice(0, -9) }, 'UTC').trouble).toBe('unreadable')
    for (const odd of ['[1]', '{}', '{"who":{"is":"all"},"x":1', '{"who":{"is":"fact"}}']) {
      expect(definitionFrom({ d: odd }, 'UTC').trouble).toBe('unreadable')
    }
    expect(definitionFrom({}, 'UTC')).toEqual({ definition: null, trouble: null })
  })

  it('takes the zone of whoever reads it where none is said', () => {
    const found = definitionFrom({ d: '{"who":{"is":"all","of":[]}}' }, 'Asia/Tokyo')
    expect(found.definition?.clock.time_zone).toBe('Asia/Tokyo')
  })

  it('refuses conditions that lack what they need', () => {
    const odd: unknown[] = [
      { is: 'any', of: [] },
      { is: 'none', of: [{ is: 'nobody' }] },
      { is: 'fact', fact: { of: 'trait' }, op: 'exists' },
      { is: 'fact', fact: { of: 'trait', name: 'x' }, op: 'is', values: [1] },
      { is: 'behaviour', measure: { is: 'times' }, number: { op: 'between', low: 1 } },
      { is: 'in_order', steps: [{ events: ['A'] }], within: '1 day' },
      { is: 'same', label: category, who: { is: 'any', of: [] } },
      { is: 'share', salt: 'x', from: '0', to: 1 },
    ]
    for (const node of odd) expect(nodeOf(node)).toBeNull()
  })
})
