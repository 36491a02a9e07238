// Do steps find themselves again: by colour from level to level, by share in the period before?
import { describe, expect, it } from 'vitest'
import type { PathsNumbers, PathStep } from '@/api/insightTypes'
import { colorsOf } from './colors'
import { shareAt, shareOfTop } from './words'

const step = (value: string): PathStep => ({ is: 'value', value })
const levels = [
  [{ step: step('A'), n: 100 }],
  [
    { step: step('B'), n: 60 },
    { step: step('A'), n: 10 },
    { step: { is: 'end' as const }, n: 30 },
  ],
]
const before: PathsNumbers = {
  ...{ n_paths: 100, n_customers: 40, levels, links: [] },
  top: [{ steps: [step('A'), step('B')], n: 60, share: 0.6 }],
}

describe('a step', () => {
  it('has the colour of its name, the most frequent first; other steps have none', () => {
    expect([...colorsOf(levels)]).toEqual([
      ['value A', 0],
      ['value B', 1],
    ])
  })

  it('has a share in the period before, 0 where it was not taken, null where nothing is known', () => {
    expect(shareAt(before, 1, step('B'))).toBe(0.6)
    expect(shareAt(before, 1, { is: 'end' })).toBe(0.3)
    expect(shareAt(before, 1, step('C'))).toBe(0)
    expect(shareAt(null, 1, step('B'))).toBeNull()
    expect(shareOfTop(before, [step('A'), step('B')])).toBe(0.6)
    expect(shareOfTop(before, [step('A')])).toBeNull()
  })
})
