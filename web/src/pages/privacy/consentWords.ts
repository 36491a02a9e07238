// How are consents counted and told?
import type { ConsentLine, ConsentReport } from '@/api/privacyTypes'
import { countExact, counted, share } from '@/kit/number'

const channelWords: Record<string, string> = {
  email: 'by e-mail',
  sms: 'by text message',
  push: 'by push message',
  phone: 'by telephone',
  post: 'by letter',
  all: 'on every channel',
}

/** "Marketing by e-mail" */
export function purposeWords({ purpose, channel }: ConsentLine): string {
  const said = purpose.replaceAll('_', ' ')
  const by = channelWords[channel] ?? `by ${channel.replaceAll('_', ' ')}`
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} ${by}`
}

export interface ConsentPart {
  key: 'granted' | 'pending' | 'denied' | 'silent'
  words: string
  n: number
}

/** Everybody is in one of the four. */
export function consentParts(line: ConsentLine, n_customers: number): ConsentPart[] {
  const answered = line.n_granted + line.n_pending + line.n_denied
  return [
    { key: 'granted', words: 'Agreed', n: line.n_granted },
    { key: 'pending', words: 'Asked, not confirmed', n: line.n_pending },
    { key: 'denied', words: 'Refused', n: line.n_denied },
    { key: 'silent', words: 'Said nothing', n: Math.max(0, n_customers - answered) },
  ]
}

export function consentSentence(line: ConsentLine, n_customers: number): string {
  const { n_granted, n_confirmed } = line
  if (n_granted === 0) return 'Nobody agreed to it: nobody may be reached for it.'
  const who = `${counted(n_granted, 'customer')} (${share(n_granted, n_customers)}) agreed`
  if (n_confirmed === 0) return `${who}; none of them confirmed it.`
  const all = n_confirmed === n_granted ? 'all of them' : countExact(n_confirmed)
  return `${who}; ${all} confirmed that it was they.`
}

/** One line per purpose, channel and text, for a table program. */
export function consentCsv({ items }: ConsentReport): string {
  const head = 'purpose,channel,text_version,agreed,not_confirmed,refused,first_at,last_at'
  const lines = items.flatMap(({ purpose, channel, texts }) =>
    texts.map(({ text_version, n_granted, n_pending, n_denied, first_at, last_at }) =>
      [
        purpose,
        channel,
        text_version ?? '',
        n_granted,
        n_pending,
        n_denied,
        first_at ?? '',
        last_at ?? '',
      ]
        .map(cell)
        .join(','),
    ),
  )
  return [head, ...lines, ''].join('\r\n')
}

/** Quoted where it must be; a text that a table program would take for a formula is not one. */
function cell(value: string | number): string {
  const text = String(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
