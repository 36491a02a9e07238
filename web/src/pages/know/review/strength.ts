// How strong is a piece of evidence, in words first, in odds and bits for those who want them?
import { measure } from '@/kit/number'

/** Below half a bit the odds move by less than a factor of 1.4: nobody should lean on that. */
const SAYS_NOTHING_BITS = 0.5

const strengths: [from_bits: number, word: string][] = [
  [9, 'very strongly'],
  [5, 'strongly'],
  [2, 'clearly'],
  [SAYS_NOTHING_BITS, 'a little'],
]

/** "speaks strongly for one person". */
export function strengthWords(bits: number): string {
  const word = strengths.find(([from]) => Math.abs(bits) >= from)?.[1]
  if (!word) return 'says nothing either way'
  return `speaks ${word} ${bits > 0 ? 'for one person' : 'against it'}`
}

/** "+14.4 bits" with a true minus sign. */
export function bitsWords(bits: number): string {
  const sign = bits < 0 ? '−' : '+'
  return `${sign}${Math.abs(bits).toFixed(1)} bits`
}

/** By what the odds are multiplied: "21,600 times likelier if they are one person". */
export function oddsWords(bits: number): string {
  if (Math.abs(bits) < 0.05) return 'as likely for one person as for two'
  const times = bounded(2 ** Math.abs(bits))
  return `${times} times likelier if they are ${bits > 0 ? 'one person' : 'two people'}`
}

/** The odds themselves: "odds of 1 to 301,000". */
export function standWords(bits: number): string {
  const times = bounded(2 ** Math.abs(bits))
  return bits < 0 ? `odds of 1 to ${times}` : `odds of ${times} to 1`
}

/** Odds as people say them: "1 in 300,000", "3 to 1". */
export function priorWords(bits: number): string {
  return `about one pair in ${bounded(1 + 2 ** -bits)}`
}

/** A probability in percent, never rounded to certainty. */
export function percent(probability: number): string {
  const p = probability * 100
  if (p > 99.9 && p < 100) return 'over 99.9 %'
  if (p < 0.1 && p > 0) return 'under 0.1 %'
  if (p >= 99 || p < 1) return `${p.toFixed(1)} %`
  return `${Math.round(p)} %`
}

/** "9 of 10" says more to most than 0.9. */
export function outOf(probability: number): string {
  if (probability > 0.995) return 'nearly all such pairs are one person'
  if (probability < 0.005) return 'hardly any such pair is one person'
  return `of 100 such pairs about ${Math.round(probability * 100)} are one person`
}

/** A share as a count: "92 of 100", "1 of 18,000". */
export function frequencyWords(share: number): string {
  if (share <= 0) return 'none that was seen'
  if (share >= 0.095) return `${Math.round(share * 100)} of 100`
  return `1 of ${bounded(1 / share)}`
}

function bounded(n: number): string {
  if (n >= 1e9) return 'more than a billion'
  return n < 100 ? measure(Math.round(n * 10) / 10) : measure(Number(n.toPrecision(3)))
}
