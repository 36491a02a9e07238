// How is a number written for a reader?
const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const three = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** A whole number with thousands separated, nothing rounded away: 541,909. */
export function countExact(n: number): string {
  return exact.format(n)
}

/** At most three significant digits from 10,000 on: 9,412, then 12.4K, 3.1M. */
export function countShort(n: number): string {
  return Math.abs(n) < 10_000 ? exact.format(n) : compact.format(n)
}

/** A measured quantity with at most three significant digits: 0.0714, 18.2. */
export function measure(x: number): string {
  return three.format(x)
}

/** "1 event", "2,410 events": the noun agrees with the number. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${exact.format(n)} ${n === 1 ? one : many}`
}

/** A share of a whole in percent; tells apart "none" and "hardly any". */
export function share(part: number, whole: number): string {
  if (whole <= 0) return 'not known'
  const percent = (part / whole) * 100
  if (percent > 0 && percent < 0.1) return 'under 0.1 %'
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`
}

const units = ['bytes', 'KB', 'MB', 'GB', 'TB']

/** A size on disk: 4.2 MB. */
export function bytes(n: number): string {
  let value = n
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${three.format(value)} ${units[unit]}`
}
