// How does the state of a page stand in its address? As plain text parameters, nothing quoted.
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value))
  }
  const text = params.toString()
  return text ? `?${text}` : ''
}

/** Takes the named parameters that are filled in; everything else in the address is ignored. */
export function textParams<Key extends string>(...keys: Key[]) {
  return (search: Record<string, unknown>): Partial<Record<Key, string>> => {
    const taken: Partial<Record<Key, string>> = {}
    for (const key of keys) {
      const value = search[key]
      if (value !== undefined && value !== null && value !== '') taken[key] = String(value)
    }
    return taken
  }
}
