// Is a change said as it is: relative for counts, in points for shares?
import { describe, expect, it } from 'vitest'
import { countChange, shareChange } from './change'

describe('a change', () => {
  it('of a count is relative', () => {
    const cases: [number, number, string][] = [
      [112, 100, '+12 %'],
      [94, 100, '−6 %'],
      [7, 7, 'as before'],
      [7, 0, 'none before'],
      [0, 8, '−100 %'],
    ]
    for (const [now, before, words] of cases) expect(countChange(now, before)).toBe(words)
  })

  it('of a share is in points', () => {
    const cases: [number | null, number | null, string][] = [
      [0.28, 0.25, '+3 points'],
      [0.26, 0.25, '+1 point'],
      [0.2, 0.2219, '−2.2 points'],
      [0.2, 0.20001, 'as before'],
      [null, 0.2, ''],
      [0.2, null, ''],
    ]
    for (const [now, before, words] of cases) expect(shareChange(now, before)).toBe(words)
  })
})
