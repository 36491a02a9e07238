import { describe, expect, it } from 'vitest'
import type { InfluencePair } from '@/api/types'
import { intervalWords, leftOut, signed, verdictWords } from './influenceWords'

const estimate = { n: 10, n_ordered: 6, expected: 2, extra: 4, low: 0.99, high: 6.41, level: 0.95 }

describe('influence in words', () => {
  it('has a sign and one digit', () => {
    expect([4, -0.34, 0.04, -0.04].map(signed)).toEqual(['+4.0', '−0.3', '0.0', '0.0'])
    expect(intervalWords(estimate)).toBe('+1.0 to +6.4 with 95 % confidence')
  })

  it('says whether it may be chance', () => {
    expect(verdictWords(estimate)).toMatch(
      /^Of 10 people reached 6 ordered; about 2 would.*chance\.$/,
    )
    expect(verdictWords({ ...estimate, low: -1 })).toMatch(/That may be chance\.$/)
    expect(verdictWords({ ...estimate, low: -3, high: -1 })).toMatch(/Fewer ordered/)
  })

  it('says who was left out', () => {
    const pair = (verdict: string) => ({ verdict }) as InfluencePair
    expect(leftOut([pair('counts')])).toBeUndefined()
    expect(leftOut([pair('open'), pair('open'), pair('no_match')])).toBe(
      '2 people whose window is still open; 1 person without enough people to compare with',
    )
  })
})
