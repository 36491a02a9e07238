// How do we speak of a privacy request: what is wanted, until when, and how urgent it is?
import type { PrivacyRequest, RequestKind, RequestStatus } from '@/api/privacyTypes'
import type { Tone } from '@/kit/Status'
import { counted } from '@/kit/number'

export const requestKinds: Record<RequestKind, { label: string; means: string }> = {
  access: {
    label: 'Wants to know what we know',
    means: 'Send them a copy of everything that is known of them.',
  },
  erasure: {
    label: 'Wants to be erased',
    means: 'Delete them everywhere, and answer with the certificate.',
  },
  restriction: {
    label: 'Wants us to pause',
    means: 'Keep what is known, but do nothing with it until it is clarified.',
  },
  rectification: {
    label: 'Wants something corrected',
    means: 'Correct what is wrong at its source, so that it arrives here corrected.',
  },
  objection: {
    label: 'Objects to a use',
    means: 'Stop the use that they object to, such as marketing.',
  },
}

export const requestStates: Record<RequestStatus, { tone: Tone; words: string }> = {
  open: { tone: 'accent', words: 'Open' },
  in_progress: { tone: 'accent', words: 'In progress' },
  done: { tone: 'good', words: 'Answered' },
  refused: { tone: 'quiet', words: 'Refused' },
}

export const isClosed = ({ status }: PrivacyRequest) => status === 'done' || status === 'refused'

/** "12 days left", "due today", "3 days overdue"; closed requests have no hurry any more. */
export function dueWords({ days_left, is_overdue }: PrivacyRequest): {
  tone: Tone
  words: string
} {
  if (days_left === null) return { tone: 'quiet', words: 'closed' }
  if (is_overdue || days_left < 0) {
    const days = Math.abs(days_left)
    return { tone: 'bad', words: days === 0 ? 'overdue' : `${counted(days, 'day')} overdue` }
  }
  if (days_left === 0) return { tone: 'warn', words: 'due today' }
  return { tone: days_left <= 7 ? 'warn' : 'quiet', words: `${counted(days_left, 'day')} left` }
}

/** Who asks, as far as that is known. */
export function whoAsks({ customer_name, customer_id, contact }: PrivacyRequest): string {
  return customer_name ?? contact ?? customer_id ?? 'Somebody who is not known yet'
}
