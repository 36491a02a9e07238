// How far is one, and how long will the rest take at this pace?
import { duration } from '@/kit/time'

/** Whoever looks at one pair for longer was at the coffee machine. */
const PAUSE_MS = 60_000
/** Fewer answers are no pace yet. */
const ANSWERS_MIN = 4
const ANSWERS_LOOKED_AT = 21

/** The median time per pair in milliseconds; null while there are too few answers. */
export function paceOf(answeredAt: number[]): number | null {
  const latest = answeredAt.slice(-ANSWERS_LOOKED_AT)
  const gaps = latest
    .slice(1)
    .map((at, i) => at - (latest[i] ?? at))
    .filter((ms) => ms < PAUSE_MS)
    .sort((x, y) => x - y)
  if (gaps.length < ANSWERS_MIN - 1) return null
  const middle = gaps.length / 2
  const [low, high] = [gaps[Math.ceil(middle) - 1] ?? 0, gaps[Math.floor(middle)] ?? 0]
  return (low + high) / 2
}

/** "about 12 min left at this pace", or nothing while nobody can tell. */
export function timeLeft(n_left: number, paceMs: number | null): string | null {
  if (paceMs === null || n_left === 0) return null
  const ms = n_left * paceMs
  if (ms < 60_000) return 'less than a minute left at this pace'
  return `about ${duration(ms)} left at this pace`
}
