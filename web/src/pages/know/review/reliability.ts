// Do the probabilities mean what they say? As people checked them.
import { countExact, counted } from '@/kit/number'
import type { FoundPair } from './wire'

/** With fewer pairs a share says little: of ten, one more or less is ten percent. */
export const PAIRS_MIN = 10

export interface ReliabilityBin {
  from: number
  to: number
  n: number
  /** How many were to be the same person, by their probabilities, and how many were. */
  expected: number
  observed: number
}

export interface Reliability {
  n_verdicts: number
  bins: ReliabilityBin[]
  /** The mean distance between what was claimed and found, each bin weighed by its pairs (expected
   * calibration error); null without answers. */
  error: number | null
}

/** Pairs that people answered, in ten equal ranges of what was claimed when they were found. */
export function reliabilityOf(pairs: Pick<FoundPair, 'state' | 'probability'>[]): Reliability {
  const all = Array.from({ length: 10 }, (_, i) => {
    return { from: i / 10, to: (i + 1) / 10, n: 0, expected: 0, observed: 0 }
  })
  for (const { state, probability } of pairs) {
    const bin = all[Math.min(9, Math.floor(probability * 10))]
    if (!bin || (state !== 'same' && state !== 'different')) continue
    bin.n += 1
    bin.expected += probability
    bin.observed += state === 'same' ? 1 : 0
  }
  const bins = all.filter((bin) => bin.n > 0)
  const n_verdicts = bins.reduce((sum, bin) => sum + bin.n, 0)
  const off = bins.reduce((sum, bin) => sum + Math.abs(bin.expected - bin.observed), 0)
  return { n_verdicts, bins, error: n_verdicts > 0 ? off / n_verdicts : null }
}

export interface Point {
  bin: ReliabilityBin
  /** What was claimed on average, and what was found, in [0, 1]. */
  claimed: number
  found: number
  /** Where the true share lies with 95 %. */
  low: number
  high: number
}

export function pointsOf({ bins }: Reliability): Point[] {
  return bins
    .filter((bin) => bin.n > 0)
    .map((bin) => ({
      bin,
      claimed: bin.expected / bin.n,
      found: bin.observed / bin.n,
      ...wilson(bin.observed, bin.n),
    }))
}

/** The score interval of a share (Wilson 1927) at 95 %. */
export function wilson(k: number, n: number): { low: number; high: number } {
  const z = 1.96
  const p = k / n
  const middle = p + (z * z) / (2 * n)
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const whole = 1 + (z * z) / n
  return { low: Math.max(0, (middle - half) / whole), high: Math.min(1, (middle + half) / whole) }
}

/** "Of 22 pairs of which it said 90 to 100 %, 21 were the same person." */
export function pointWords({ bin }: Point): string {
  const { from, to, n, observed } = bin
  const range = `${Math.round(from * 100)} to ${Math.round(to * 100)} %`
  return `Of ${counted(n, 'pair')} about which it said ${range}, ${countExact(observed)} ${observed === 1 ? 'was' : 'were'} the same person.`
}

/** The whole in one sentence: the bin with the most pairs, told as people count. */
export function summaryOf(reliability: Reliability): string | null {
  const points = pointsOf(reliability)
  const [best] = [...points].sort((a, b) => b.bin.n - a.bin.n)
  if (!best || reliability.n_verdicts < PAIRS_MIN) return null
  const said = Math.round(best.claimed * 100)
  const found = Math.round(best.found * 100)
  return `Of 100 pairs about which it says ${said} %, about ${found} are the same person.`
}

/** Which of three: right, too sure, not sure enough; only where chance does not explain it. */
export function judgement(points: Point[]): string {
  const isOff = (point: Point) => point.claimed < point.low || point.claimed > point.high
  const off = points.filter((point) => point.bin.n >= PAIRS_MIN && isOff(point))
  if (off.length === 0) return 'It means what it says, as far as your answers can tell.'
  const n_tooSure = off.filter((point) => point.claimed > point.high).length
  if (n_tooSure === off.length)
    return 'It claims more than it should. The next search learns from that.'
  if (n_tooSure === 0) return 'It claims less than it could. The next search learns from that.'
  return 'It is not right everywhere. The next search learns from that.'
}
