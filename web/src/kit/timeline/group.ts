// How does a list of events become a story? By days, with runs of page views folded into one.
import type { IconName } from '../Icon'
import { counted } from '../number'
import { dayKey } from '../time'

export interface TimelineItem {
  key: string
  at: Date
  icon: IconName
  /** Which part of the loop it belongs to: their behaviour, or something we did. */
  stage: 'listen' | 'know' | 'decide' | 'act' | 'learn'
  title: string
  detail?: string
  /** Many of these in a row say little one by one: looking around. Null when it stands alone. */
  look: 'page' | 'product' | null
}

export interface TimelineRun {
  key: string
  items: TimelineItem[]
}

export type TimelineEntry = { item: TimelineItem } | { run: TimelineRun }

/** "6 pages", "4 pages and 3 products": what a run was made of. */
export function runWords({ items }: TimelineRun): string {
  const n_pages = items.filter((item) => item.look === 'page').length
  const n_products = items.length - n_pages
  return [n_pages > 0 && counted(n_pages, 'page'), n_products > 0 && counted(n_products, 'product')]
    .filter(Boolean)
    .join(' and ')
}

/** What was looked at, each once, products before the pages that carried them. */
export function runPlaces({ items }: TimelineRun): string[] {
  const of = (look: TimelineItem['look']) =>
    items.filter((item) => item.look === look).flatMap((item) => item.detail ?? [])
  return [...new Set([...of('product'), ...of('page')])]
}

export interface TimelineDay {
  key: string
  at: Date
  entries: TimelineEntry[]
}

const RUN_AT_LEAST = 3
const RUN_GAP_MS = 30 * 60_000

/** Newest first in, newest day first out. A run never crosses midnight or a pause of half an hour. */
export function groupByDay(items: TimelineItem[]): TimelineDay[] {
  const days: { key: string; at: Date; items: TimelineItem[] }[] = []
  for (const item of items) {
    const key = dayKey(item.at)
    const last = days.at(-1)
    if (last?.key === key) last.items.push(item)
    else days.push({ key, at: item.at, items: [item] })
  }
  return days.map((day) => ({ key: day.key, at: day.at, entries: foldRuns(day.items) }))
}

function foldRuns(items: TimelineItem[]): TimelineEntry[] {
  const entries: TimelineEntry[] = []
  let run: TimelineItem[] = []
  const close = () => {
    if (run.length >= RUN_AT_LEAST) entries.push({ run: { key: run.at(-1)!.key, items: run } })
    else entries.push(...run.map((item) => ({ item })))
    run = []
  }
  for (const item of items) {
    const previous = run.at(-1)
    const pause = previous ? previous.at.getTime() - item.at.getTime() : 0
    if (!item.look || pause > RUN_GAP_MS) close()
    if (item.look) run.push(item)
    else entries.push({ item })
  }
  close()
  return entries
}
