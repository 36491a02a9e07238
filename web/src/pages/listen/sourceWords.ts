// How do we speak of sources, their kinds and the outcome of their events?
import type { EventStatus, PlanMode, Source } from '@/api/types'
import type { IconName } from '@/kit/Icon'
import type { Tone } from '@/kit/Status'

const kinds: Record<string, { label: string; icon: IconName; hint: string }> = {
  browser: { label: 'Browser', icon: 'globe', hint: 'A web site; the key is visible to visitors' },
  mobile: { label: 'Mobile app', icon: 'smartphone', hint: 'An iOS or Android app' },
  server: { label: 'Server', icon: 'database', hint: 'A back end, a shop system, a script' },
  import: { label: 'Import', icon: 'upload', hint: 'Files brought in from the command line' },
  rapport: { label: 'Rapport', icon: 'activity', hint: 'What Rapport itself does' },
}

export const sourceIcon = (kind: string): IconName => kinds[kind]?.icon ?? 'radio'
export const sourceKindLabel = (kind: string): string => kinds[kind]?.label ?? kind
export const sourceKinds = ['browser', 'mobile', 'server'].map((value) => ({
  value,
  ...kinds[value]!,
}))

/** Why nothing is pasted anywhere for this source; null where it has a key to send with. */
export function fedBy(kind: string): string | null {
  if (kind === 'import') return 'Files that are imported arrive here; nothing needs to be pasted.'
  if (kind === 'rapport') return 'Rapport writes here what it does itself; nothing can be sent.'
  return null
}

const QUIET_MS = 24 * 3_600_000

/** Is it talking? Said with a word, not only a colour. */
export function sourceHealth(source: Source, now: Date): { tone: Tone; words: string } {
  if (!source.enabled) return { tone: 'quiet', words: 'Switched off' }
  if (!source.last_event_at) return { tone: 'quiet', words: 'Waiting for the first event' }
  if (source.n_refused_24h > 0) return { tone: 'warn', words: 'Some refused' }
  if (now.getTime() - Date.parse(source.last_event_at) > QUIET_MS) {
    return { tone: 'quiet', words: 'Quiet' }
  }
  return { tone: 'good', words: 'Receiving' }
}

export const statusWords: Record<EventStatus, { tone: Tone; words: string; meaning: string }> = {
  accepted: { tone: 'good', words: 'Accepted', meaning: 'It is on the customer’s timeline.' },
  flagged: {
    tone: 'warn',
    words: 'Flagged',
    meaning: 'It was taken, though it does not agree with the tracking plan.',
  },
  refused: { tone: 'bad', words: 'Refused', meaning: 'It was not taken.' },
  duplicate: {
    tone: 'quiet',
    words: 'Duplicate',
    meaning: 'It had come before under the same message id, so it was not counted again.',
  },
}

export const planModes: { value: PlanMode; label: string; hint: string }[] = [
  { value: 'allow', label: 'Allow', hint: 'Take everything; only count what does not agree' },
  { value: 'flag', label: 'Flag', hint: 'Take it, and mark it in the debugger' },
  { value: 'block', label: 'Block', hint: 'Refuse it; the debugger keeps it with the reason' },
]
