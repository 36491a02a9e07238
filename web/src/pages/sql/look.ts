// How is the answer looked at: as rows, as a picture of which columns? Kept with a saved query.
import type { ChartChoice } from './series'
import type { SavedQuery } from './types'

export type AnswerTab = 'answer' | 'chart' | 'plan'

export interface Look {
  tab: AnswerTab
  /** What somebody chose to draw; null for what is drawn by itself. */
  chart: ChartChoice | null
}

/** To the API, a look is any JSON. */
export type KeptLook = SavedQuery['look']

export const plainLook: Look = { tab: 'answer', chart: null }

/** What is saved: a picture, if that is what is looked at. */
export function lookToSave({ tab, chart }: Look): KeptLook {
  return tab === 'chart' ? ({ tab, chart } as object as KeptLook) : null
}

/** A look out of what was saved, whoever saved it; rows where it cannot be read. */
export function readLook(saved: unknown): Look {
  const { tab, chart } = (saved ?? {}) as Partial<Look>
  return tab === 'chart' ? { tab, chart: isChoice(chart) ? chart : null } : plainLook
}

function isChoice(chart: unknown): chart is ChartChoice {
  const { x, ys, as } = (chart ?? {}) as Partial<ChartChoice>
  return (
    Number.isInteger(x) &&
    Array.isArray(ys) &&
    ys.every(Number.isInteger) &&
    (as === 'line' || as === 'bar')
  )
}

/** Whether saving again would keep another picture than the saved one. */
export function isOtherLook(saved: unknown, look: Look): boolean {
  const now = lookToSave(look)
  return now !== null && JSON.stringify(now) !== JSON.stringify(lookToSave(readLook(saved)))
}
