import { expect, test } from 'vitest'
import { groupByDay, runPlaces, runWords, type TimelineItem } from './group'

const item = (key: string, at: Date, look: TimelineItem['look'] = null): TimelineItem => ({
  key,
  at,
  look,
  icon: 'eye',
  stage: 'listen',
  title: key,
})
const at = (day: number, hour: number, minute: number) => new Date(2026, 10, day, hour, minute)
const views = (n: number, day: number, hour: number) =>
  Array.from({ length: n }, (_, i) => item(`v${day}.${hour}.${i}`, at(day, hour, 30 - i), 'page'))

/** The story as text: days, single events by key, runs by their size. */
function told(items: TimelineItem[]): string[] {
  return groupByDay(items).map(
    (day) =>
      `${day.key}: ${day.entries
        .map((entry) => ('run' in entry ? `[${entry.run.items.length}]` : entry.item.key))
        .join(' ')}`,
  )
}

test('three or more page views in a row become one line', () => {
  expect(told([item('order', at(21, 12, 0)), ...views(3, 21, 11)])).toEqual([
    '2026-11-21: order [3]',
  ])
})

test('two page views stay as they are', () => {
  expect(told(views(2, 21, 11))).toEqual(['2026-11-21: v21.11.0 v21.11.1'])
})

test('an event between them ends a run', () => {
  const split = [...views(3, 21, 11), item('order', at(21, 11, 20)), ...views(3, 21, 10)]
  expect(told(split)).toEqual(['2026-11-21: [3] order [3]'])
})

test('a pause of more than half an hour ends a run', () => {
  expect(told([...views(3, 21, 11), ...views(3, 21, 9)])).toEqual(['2026-11-21: [3] [3]'])
})

test('a run never crosses midnight', () => {
  const around = [0, 5, 10].map((m) => item(`b${m}`, at(21, 0, 10 - m), 'page'))
  const before = [1, 5, 9].map((m) => item(`a${m}`, at(20, 23, 60 - m), 'page'))
  expect(told([...around, ...before])).toEqual(['2026-11-21: [3]', '2026-11-20: [3]'])
})

test('nothing is lost and nothing is doubled', () => {
  const items = [...views(7, 21, 11), item('x', at(21, 8, 0)), ...views(2, 20, 8)]
  const keys = groupByDay(items).flatMap((day) =>
    day.entries.flatMap((entry) =>
      'run' in entry ? entry.run.items.map((i) => i.key) : [entry.item.key],
    ),
  )
  expect(keys).toEqual(items.map((i) => i.key))
})

test('a run of pages and products names the products first, each once', () => {
  const seen = (key: string, look: TimelineItem['look'], detail: string): TimelineItem => ({
    ...item(key, at(21, 11, 0), look),
    detail,
  })
  const items = [
    seen('1', 'page', 'Lock | Shop'),
    seen('2', 'product', 'Lock'),
    seen('3', 'page', 'Lock | Shop'),
    seen('4', 'product', 'Siren'),
  ]
  expect(runPlaces({ key: 'r', items })).toEqual(['Lock', 'Siren', 'Lock | Shop'])
  expect(runWords({ key: 'r', items })).toBe('2 pages and 2 products')
  expect(runWords({ key: 'r', items: items.slice(0, 1) })).toBe('1 page')
})
