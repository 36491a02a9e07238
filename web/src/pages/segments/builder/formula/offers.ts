// What may stand next in a formula: the name of something inside quotes, else a word of the language?

export type QuotedOf = 'event' | 'trait' | 'segment'

export interface Quoted {
  of: QuotedOf
  typed: string
}

const callBefore = /([a-z_]+)\s*\(\s*$/i

/** What is named by the text that is being typed, if the cursor stands in one. */
export function quotedBefore(before: string): Quoted | null {
  const open = openQuote(before)
  if (open === null) return null
  const typed = before.slice(open + 1).replaceAll("''", "'")
  const call = callBefore.exec(before.slice(0, open))?.[1]?.toLowerCase()
  if (call === 'trait' || call === 'list') return { of: 'trait', typed }
  if (call === 'in_segment') return { of: 'segment', typed }
  return isCompared(before.slice(0, open)) ? null : { of: 'event', typed }
}

/** A text after a comparison or a window is no name. */
const isCompared = (before: string) =>
  /(?:[=<>]|=>|\b(?:in|contains|has|with|last|ago|between)\s*\(?)\s*$/i.test(before) &&
  !/\bby\s*=>\s*$|\bwithout\s*=>\s*$/i.test(before)

/** Where the quote stands that is open at the end, none where all are closed. */
function openQuote(text: string): number | null {
  let open: number | null = null
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== "'") continue
    if (open !== null && text[at + 1] === "'") at += 1
    else open = open === null ? at : null
  }
  return open
}

export interface Word {
  label: string
  detail: string
  /** What is put in, where that is more than its name. */
  apply?: string
}

/** Calls and words of the language, with what they are for. */
export const words: Word[] = [
  { label: 'did', detail: 'did it, e.g. did(‘A’, last => ‘30 days’)', apply: "did('" },
  { label: 'times', detail: 'how many times', apply: "times('" },
  { label: 'days', detail: 'on how many days', apply: "days('" },
  { label: 'sum_of', detail: 'sum of a property', apply: 'sum_of(' },
  { label: 'avg_of', detail: 'average of a property', apply: 'avg_of(' },
  { label: 'min_of', detail: 'smallest value of a property', apply: 'min_of(' },
  { label: 'max_of', detail: 'largest value of a property', apply: 'max_of(' },
  { label: 'distinct_of', detail: 'how many different values', apply: 'distinct_of(' },
  { label: 'days_since', detail: 'days since the last one', apply: "days_since('" },
  { label: 'days_since_first', detail: 'days since the first one', apply: "days_since_first('" },
  { label: 'first_of', detail: 'value in the first event', apply: 'first_of(' },
  { label: 'last_of', detail: 'value in the last event', apply: 'last_of(' },
  { label: 'most_frequent', detail: 'most frequent value', apply: 'most_frequent(' },
  { label: 'did_in_order', detail: 'one thing after another', apply: "did_in_order('" },
  { label: 'not_followed', detail: 'and another did not follow', apply: "not_followed('" },
  { label: 'same', detail: 'for one and the same value', apply: 'same(' },
  { label: 'trait', detail: 'what is known of them', apply: "trait('" },
  { label: 'list', detail: 'a trait that is a list', apply: "list('" },
  { label: 'account', detail: 'a trait of their account', apply: "account('" },
  { label: 'own', detail: 'country, orders, revenue, …', apply: "own('" },
  { label: 'holding', detail: 'products held', apply: "holding('" },
  { label: 'consents', detail: 'may be written to', apply: "consents('" },
  { label: 'in_segment', detail: 'is in a segment', apply: "in_segment('" },
  { label: 'share', detail: 'a random share', apply: 'share(' },
  { label: 'any_event()', detail: 'whatever they did' },
  { label: 'and', detail: 'both hold' },
  { label: 'or', detail: 'one of them holds' },
  { label: 'not', detail: 'the contrary' },
  { label: 'last', detail: 'window: last => ‘30 days’', apply: "last => '" },
  { label: 'longer_ago', detail: 'window: longer_ago => ‘14 days’', apply: "longer_ago => '" },
  { label: 'ago', detail: 'window: ago => ‘90 days to 30 days’', apply: "ago => '" },
  { label: 'during', detail: 'window: during => ‘last month’', apply: "during => '" },
  { label: 'where', detail: 'only events with: where => revenue > 50', apply: 'where => ' },
  { label: 'within', detail: 'within => ‘2 hours’', apply: "within => '" },
  { label: 'by', detail: 'what did not follow, how it is held', apply: "by => '" },
]
