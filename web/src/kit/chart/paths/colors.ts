// Which colour does a step have?
import type { PathsAnswer } from '@/api/insightTypes'
import { stepKey } from './words'

type Nodes = PathsAnswer['levels'][number]

/** The same event has the same colour wherever it comes: the six that come most often have one. */
export function colorsOf(levels: Nodes[]): Map<string, number> {
  const weights = new Map<string, number>()
  for (const { step, n } of levels.flat()) {
    if (step.is !== 'value') continue
    weights.set(stepKey(step), (weights.get(stepKey(step)) ?? 0) + n)
  }
  const heaviest = [...weights].sort(([, a], [, b]) => b - a).slice(0, 6)
  return new Map(heaviest.map(([key], at) => [key, at]))
}
