// How do we speak of an import: how far it is, and how it ended?
import type { Import } from '@/api/types'
import type { Tone } from '@/kit/Status'
import { duration } from '@/kit/time'

export const importStates: Record<Import['state'], { tone: Tone; words: string }> = {
  running: { tone: 'accent', words: 'Running' },
  done: { tone: 'good', words: 'Done' },
  stopped: { tone: 'quiet', words: 'Stopped' },
  failed: { tone: 'bad', words: 'Failed' },
}

/** Between 0 and 1; by rows where their number is known, else by bytes, else not known. */
export function progressOf(item: Import): number | null {
  if (item.n_rows_total) return Math.min(1, item.n_rows_done / item.n_rows_total)
  if (item.bytes_total > 0) return Math.min(1, item.bytes_done / item.bytes_total)
  return null
}

/** "about 2 min left", by the speed so far; nothing before there is a speed. */
export function leftOf(item: Import, now: Date): string | null {
  const progress = progressOf(item)
  const spent = now.getTime() - Date.parse(item.started_at)
  if (item.state !== 'running' || !progress || progress < 0.01 || spent < 2_000) return null
  return `about ${duration((spent / progress) * (1 - progress))} left`
}
