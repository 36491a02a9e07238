// How is a length of time said, from seconds to months?
const units: [number, string, string][] = [
  [86_400, 'day', 'days'],
  [3_600, 'hour', 'hours'],
  [60, 'min', 'min'],
  [1, 's', 's'],
]

/** "9 min", "1.2 days", "7 days". */
export function lengthWords(seconds: number): string {
  const [size, one, many] = units.find(([size]) => seconds >= size) ?? ([1, 's', 's'] as const)
  const n = seconds / size
  const text =
    n >= 10 || Number.isInteger(n) ? String(Math.round(n)) : n.toFixed(1).replace(/\.0$/, '')
  return `${text} ${text === '1' ? one : many}`
}
