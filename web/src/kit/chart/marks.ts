// What is worth knowing beside the days of a chart: what people noted, what is measured otherwise?
import { createContext, useContext, useMemo } from 'react'
import type { Grain } from '@/api/insightTypes'

/** Something worth knowing of a day. */
export interface Mark {
  key: string
  /** A day of the calendar: 2026-03-01. */
  day: string
  text: string
  /** What a click opens. */
  onOpen?: () => void
}

/** The marks of the charts within. Pages for strangers have none. */
export const Marks = createContext<Mark[]>([])

interface Span {
  begin: string
}

/** For each span of an axis its marks, as a chart counts its days. */
export function useMarks(spans: Span[], grain: Grain, zone: string): Mark[][] {
  const marks = useContext(Marks)
  return useMemo(() => marksAt(marks, spans, grain, zone), [marks, spans, grain, zone])
}

/** A day stands at the span that holds it, at its first hour where spans are hours. */
export function marksAt(marks: Mark[], spans: Span[], grain: Grain, zone: string): Mark[][] {
  const found: Mark[][] = spans.map(() => [])
  const days = spans.map(({ begin }) => localDay(begin, zone))
  const last = days.at(-1)
  if (last === undefined) return found
  const end = dayAfter(last, grain)
  for (const mark of marks) {
    const begun = days.filter((day) => day <= mark.day).at(-1)
    if (begun !== undefined && mark.day < end) found[days.indexOf(begun)]?.push(mark)
  }
  return found
}

/** The day of the calendar at a moment: 2026-03-01. */
export function localDay(at: string, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(new Date(at))
}

/** The day on which the span is over that holds a day and begins no later. */
function dayAfter(day: string, grain: Grain): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const at = (y: number, m: number, d: number) =>
    new Date(Date.UTC(y, m, d)).toISOString().slice(0, 10)
  switch (grain) {
    case 'hour':
    case 'day':
      return at(year, month - 1, date + 1)
    case 'week':
      return at(year, month - 1, date + 7)
    case 'month':
      return at(year, month, 1)
    case 'quarter':
      return at(year, month - 1 + 3 - ((month - 1) % 3), 1)
    case 'year':
      return at(year + 1, 0, 1)
  }
}

/** "9 March 2026: Price rise". */
export const markWords = ({ day, text }: Mark): string =>
  `${dayFormat.format(new Date(`${day}T00:00:00Z`))}: ${text}`

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})
