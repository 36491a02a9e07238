// How does a number stand to the one of the period before, in a few characters?
import { percent } from './words'

/** "+12 %", "−3.1 %", "as before"; "none before" where there is nothing to stand to. */
export function countChange(now: number, before: number): string {
  if (now === before) return 'as before'
  if (before <= 0) return 'none before'
  return signed(now / before - 1, percent)
}

/** Shares are taken from each other: "+3.2 points". */
export function shareChange(now: number | null, before: number | null): string {
  if (now === null || before === null) return ''
  const points = Math.round((now - before) * 1_000) / 10
  if (points === 0) return 'as before'
  return signed(points, (value) => `${value} ${value === 1 ? 'point' : 'points'}`)
}

/** With a real minus sign: a hyphen is too short beside a plus. */
function signed(value: number, written: (size: number) => string): string {
  return `${value > 0 ? '+' : '−'}${written(Math.abs(value))}`
}
