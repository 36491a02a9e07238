// How is the number of influence read, and what stands behind it?
import type { Influence, InfluenceEstimate, InfluencePair } from '@/api/types'
import type { Explanation } from '@/kit'
import { counted, measure } from '@/kit/number'

/** With its sign, a true minus, and one digit behind the point: +4.0, −0.3. */
export function signed(x: number): string {
  const rounded = Math.round(x * 10) / 10
  const sign = rounded > 0 ? '+' : rounded < 0 ? '−' : ''
  return `${sign}${Math.abs(rounded).toFixed(1)}`
}

/** "1.0 to 6.4 more than would have anyway (95 %)". */
export function intervalWords({ low, high, level }: InfluenceEstimate): string {
  return `${signed(low)} to ${signed(high)} with ${Math.round(level * 100)} % confidence`
}

/** The answer in a sentence. */
export function verdictWords({ n, n_ordered, expected, low, high }: InfluenceEstimate): string {
  const found = `Of ${counted(n, 'person', 'people')} reached ${n_ordered} ordered; about ${measure(expected)} would have anyway.`
  if (low > 0) return `${found} More ordered than by chance.`
  if (high < 0) return `${found} Fewer ordered than by chance.`
  return `${found} That may be chance.`
}

const reasons: Record<string, string> = {
  open: 'whose window is still open',
  own_word: 'known for longer who said so themselves',
  no_match: 'without enough people to compare with',
}

/** How many people do not count, and why. */
export function leftOut(pairs: InfluencePair[]): string | undefined {
  const parts = Object.entries(reasons).flatMap(([verdict, words]) => {
    const n = pairs.filter((pair) => pair.verdict === verdict).length
    return n > 0 ? [`${counted(n, 'person', 'people')} ${words}`] : []
  })
  return parts.length > 0 ? parts.join('; ') : undefined
}

export function explained(influence: Influence): Explanation {
  const { estimate, pairs, n_group, window_days, version, freshness_at } = influence
  const definition =
    'People whom this customer referred or mentioned and who ordered afterwards, less those who would have ordered anyway, by the share of comparable customers whom nobody had reached.'
  return {
    definition: estimate ? `${definition} ${verdictWords(estimate)}` : definition,
    n: `${counted(estimate?.n ?? 0, 'person', 'people')}, compared with ${counted(n_group, 'known customer')}`,
    window: `${window_days} days from the moment they were reached or became known, whichever is later`,
    freshness: freshness_at,
    leftOut: leftOut(pairs),
    formula: `Σ (yᵢ − p̂₀ᵢ), version ${version}; Newcombe’s interval`,
  }
}
