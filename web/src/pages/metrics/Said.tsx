// How is a note written, in which names stand between backticks?

/** The words, with the names of fields and events as code. */
export function Said({ words }: { words: string }) {
  return words.split('`').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))
}
