// What would become of the rows, in a sentence?
import type { UploadPreview } from '@/api/types'
import { countExact, counted } from '@/kit/number'

export function previewSentence(preview: UploadPreview): string {
  const { n_rows, n_events, n_identifiers, n_skipped, n_rejected, is_whole_file } = preview
  const tried = is_whole_file ? allTried(n_rows) : `The first ${counted(n_rows, 'row')} were tried`
  const came = `${countExact(n_events)} ${n_events === 1 ? 'event' : 'events'} about ${counted(n_identifiers, 'customer')}`
  const rest = [
    n_rejected > 0 ? `${counted(n_rejected, 'row')} refused` : 'nothing refused',
    n_skipped > 0 ? `${counted(n_skipped, 'row')} passed over` : null,
  ]
  return `${tried}: ${[came, ...rest].filter(Boolean).join(', ')}.`
}

/** What is missing, in the words of the page; what it has no words for, as the engine says it. */
export function flawWords({ part, message }: NonNullable<UploadPreview['flaw']>): string {
  const words: Record<string, string> = {
    customer:
      'No column says who it is. Choose one as customer number, e-mail address, telephone number or visitor id.',
    name: 'The import needs a name.',
    events: 'Nothing says what the rows are. Choose it above, at “Each row is”.',
  }
  return words[part] ?? message
}

function allTried(n_rows: number): string {
  return n_rows === 1 ? 'The only row was tried' : `All ${countExact(n_rows)} rows were tried`
}

const FACTS_SHOWN = 6
const VALUE_CHARS = 60

/** The first facts of an event, one short line each; lists are counted. */
export function factsOf(values: Record<string, unknown>): [name: string, value: string][] {
  return Object.entries(values)
    .slice(0, FACTS_SHOWN)
    .map(([name, value]) => [name.replaceAll('_', ' '), shortly(value)])
}

function shortly(value: unknown): string {
  if (Array.isArray(value)) return counted(value.length, 'entry', 'entries')
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const chars = [...(text ?? '')]
  return chars.length > VALUE_CHARS ? `${chars.slice(0, VALUE_CHARS).join('')}…` : chars.join('')
}
