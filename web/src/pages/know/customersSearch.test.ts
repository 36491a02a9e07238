import { expect, test } from 'vitest'
import { chosenColumns, isFiltered, queryOf, sinceOf, sortOf } from './customersSearch'
import { storyQuery } from './storySearch'

test('the address becomes the question', () => {
  expect(
    queryOf({ q: 'ada', known: 'false', has_orders: 'true', sort: 'revenue', order: 'asc' }),
  ).toEqual({
    q: 'ada',
    known: false,
    country: undefined,
    has_orders: true,
    seen_since: undefined,
    sort: 'revenue',
    order: 'asc',
  })
})

test('nonsense in the address falls back instead of failing', () => {
  expect(sortOf({ sort: 'drop table', order: 'sideways' })).toEqual({
    key: 'last_seen',
    order: 'desc',
  })
  expect(queryOf({ known: 'maybe', seen_since: 'never' })).toMatchObject({
    known: undefined,
    seen_since: undefined,
  })
})

test('seven days back, cut to the hour so that the answer can be kept', () => {
  expect(sinceOf('7d', new Date('2026-11-21T14:35:12Z'))).toBe('2026-11-14T14:00:00.000Z')
})

test('sorting and columns are no filters', () => {
  expect(isFiltered({ sort: 'name', columns: 'email' })).toBe(false)
  expect(isFiltered({ country: 'DE' })).toBe(true)
  expect(chosenColumns({ columns: 'email,city' })).toEqual(['email', 'city'])
})

test('the last day of a story is in it, to its end', () => {
  const { since, until } = storyQuery({ since: '2026-11-01', until: '2026-11-01' })
  expect(Date.parse(until!) - Date.parse(since!)).toBe(86_400_000)
  expect(storyQuery({ since: 'yesterday' }).since).toBeUndefined()
})
