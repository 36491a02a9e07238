// Are the edges of scores read as they are typed, and refused with a reason?
import { describe, expect, it } from 'vitest'
import { edgesWith, edgesWords, readEdges } from './edges'

describe('edges of scores', () => {
  it('are read with commas, spaces or both', () => {
    expect(readEdges('30, 90 180')).toEqual({ edges: [30, 90, 180] })
    expect(readEdges(' 1.5 ')).toEqual({ edges: [1.5] })
  })

  it('are refused with what is wrong', () => {
    const cases: [string, string][] = [
      ['', 'At least one number'],
      ['30, soon', '“soon” is no number'],
      ['90, 30', 'Each number larger than the one before'],
      ['30, 30', 'Each number larger than the one before'],
      ['1 2 3 4 5 6 7 8 9 10', 'At most 9 numbers'],
    ]
    for (const [text, problem] of cases) expect(readEdges(text)).toEqual({ problem })
  })

  it('have those of the worth exactly where a number is named for it', () => {
    const given = { is: 'given' as const, recency_days: [30], frequency: [1], monetary: [] }
    expect(edgesWith(given, true)).toEqual({ ...given, monetary: [100, 500] })
    expect(edgesWith({ ...given, monetary: [7] }, true)).toEqual({ ...given, monetary: [7] })
    expect(edgesWith({ ...given, monetary: [7] }, false)).toEqual(given)
    expect(edgesWith({ is: 'quantiles', quantiles: 4 }, true)).toEqual({
      is: 'quantiles',
      quantiles: 4,
    })
  })

  it('are said in the sentence', () => {
    const scale = { recency_days: [30, 90], frequency: [1, 3], monetary: [] }
    expect(edgesWords({ is: 'given', ...scale })).toBe('scores cut at 30, 90 days and 1, 3 times')
    expect(edgesWords(null)).toBe('5 scores each')
  })
})
