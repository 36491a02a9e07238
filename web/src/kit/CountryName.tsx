// Which country does a two-letter code mean?
const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })

export function countryName(code: string): string {
  if (!/^[a-z]{2}$/i.test(code)) return code
  return names.of(code.toUpperCase()) ?? code
}

export function CountryName({ code }: { code: string }) {
  return <span title={code}>{countryName(code)}</span>
}
