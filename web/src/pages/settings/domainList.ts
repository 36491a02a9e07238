// Which domains were typed into a field of many lines?

/** Each once, in the order in which they were typed; commas and blanks part them too. */
export function domainsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))]
}
