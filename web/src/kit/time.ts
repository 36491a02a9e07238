// How is a moment written, in the viewer's own time zone?
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone

const fullFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const dateFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})
const dayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
})
const dayYearFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockSecondsFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** Thursday to the second, with the zone: what a hover shows. */
export function absolute(at: Date): string {
  return `${fullFormat.format(at)} (${viewerZone})`
}

export const dateOnly = (at: Date): string => dateFormat.format(at)
export const clock = (at: Date): string => clockFormat.format(at)
export const clockSeconds = (at: Date): string => clockSecondsFormat.format(at)

/** Relative up to a day, the date after. Never "in 0 seconds". */
export function relative(at: Date, now: Date): string {
  const age = now.getTime() - at.getTime()
  const distance = Math.abs(age)
  if (distance < 45_000) return age >= -5_000 ? 'just now' : 'in a moment'
  if (distance >= DAY) return dateFormat.format(at)
  const [n, unit] =
    distance < HOUR
      ? [Math.max(1, Math.round(distance / MINUTE)), 'min']
      : [Math.round(distance / HOUR), 'h']
  return age > 0 ? `${n} ${unit} ago` : `in ${n} ${unit}`
}

/** The calendar day of the viewer, for grouping: 2026-03-09. */
export function dayKey(at: Date): string {
  const month = String(at.getMonth() + 1).padStart(2, '0')
  return `${at.getFullYear()}-${month}-${String(at.getDate()).padStart(2, '0')}`
}

/** Today, Yesterday, Thursday 12 March, and with the year when it is another one. */
export function dayName(at: Date, now: Date): string {
  const key = dayKey(at)
  if (key === dayKey(now)) return 'Today'
  if (key === dayKey(new Date(startOfDay(now).getTime() - DAY / 2))) return 'Yesterday'
  const words = (at.getFullYear() === now.getFullYear() ? dayFormat : dayYearFormat).format(at)
  return words.replace(',', '')
}

/** "4 s", "12 min", "3 h 20 min": a length of time. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < MINUTE) return `${Math.round(ms / 1000)} s`
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`
  const hours = Math.floor(ms / HOUR)
  const minutes = Math.round((ms % HOUR) / MINUTE)
  return minutes ? `${hours} h ${minutes} min` : `${hours} h`
}

function startOfDay(at: Date): Date {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate())
}
