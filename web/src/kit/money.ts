// How is an amount of money written?

/** Minor units (cents) with their ISO 4217 currency. */
export interface MoneyAmount {
  minor: number
  currency: string
}

const formats = new Map<string, Intl.NumberFormat | null>()

function formatFor(currency: string): Intl.NumberFormat | null {
  if (!formats.has(currency)) formats.set(currency, newFormat(currency))
  return formats.get(currency) ?? null
}

// A sender may name a currency that does not exist; then the code is shown as it came.
function newFormat(currency: string): Intl.NumberFormat | null {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency })
  } catch {
    return null
  }
}

export function money({ minor, currency }: MoneyAmount): string {
  const digits = formatFor(currency)?.resolvedOptions().maximumFractionDigits ?? 2
  return moneyOf(minor / 10 ** digits, currency)
}

/** An amount in whole units, as event properties carry it: 129.5 EUR. */
export function moneyOf(value: number, currency: string): string {
  return formatFor(currency)?.format(value) ?? `${value.toFixed(2)} ${currency}`
}
