import { expect, test } from 'vitest'
import { nextSort, shownColumns, type Column } from './types'

const column = (key: string, more: Partial<Column<object>> = {}): Column<object> => ({
  key,
  header: key,
  width: '1fr',
  render: () => null,
  ...more,
})
const columns = [
  column('name', { always: true }),
  column('email'),
  column('phone', { optional: true }),
]
const keys = (chosen: string[] | null) => shownColumns(columns, chosen).map((c) => c.key)

test('optional columns wait to be chosen, and the name always stays', () => {
  expect(keys(null)).toEqual(['name', 'email'])
  expect(keys(['phone'])).toEqual(['name', 'phone'])
  expect(keys([])).toEqual(['name'])
  expect(keys(['no such column'])).toEqual(['name'])
})

test('a second click on a header turns the order around', () => {
  expect(nextSort(undefined, 'revenue')).toEqual({ key: 'revenue', order: 'desc' })
  expect(nextSort({ key: 'revenue', order: 'desc' }, 'revenue')).toEqual({
    key: 'revenue',
    order: 'asc',
  })
  expect(nextSort({ key: 'revenue', order: 'asc' }, 'name')).toEqual({ key: 'name', order: 'asc' })
})
