import { fireEvent, screen } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { renderInApp } from '@/testing/render'
import { DataTable } from './DataTable'
import type { Column } from './types'

interface Row {
  id: string
}

const columns: Column<Row>[] = [
  { key: 'id', header: 'Id', width: '1fr', sortable: true, render: (row) => row.id },
]
const rowsOf = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `r${i}` }))

// jsdom lays nothing out; the table needs a height to know which rows are seen.
beforeEach(() => {
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(900)
})

function renderTable(n: number, more: Partial<Parameters<typeof DataTable<Row>>[0]> = {}) {
  renderInApp(
    <DataTable<Row>
      label="Things"
      columns={columns}
      rows={rowsOf(n)}
      rowKey={(row) => row.id}
      {...more}
    />,
  )
  return screen.getByRole('grid', { name: 'Things' })
}

test.each([1, 20, 100_000])('%i rows: all are counted, few are in the document', (n) => {
  const grid = renderTable(n)
  expect(grid.getAttribute('aria-rowcount')).toBe(String(n + 1))
  const inDocument = screen.getAllByRole('row').length - 1
  expect(inDocument).toBeGreaterThan(0)
  expect(inDocument).toBeLessThanOrEqual(Math.min(n, 60))
  expect(screen.getByText('r0')).toBeTruthy()
})

test('arrows and j/k walk, End goes to the last row, Enter opens', () => {
  const onOpen = vi.fn()
  const grid = renderTable(20, { onOpen })
  const press = (key: string) => fireEvent.keyDown(grid, { key })
  press('ArrowDown')
  press('j')
  press('k')
  press('ArrowDown')
  press('Enter')
  expect(onOpen).toHaveBeenLastCalledWith({ id: 'r1' })
  press('End')
  press('ArrowDown')
  press('Enter')
  expect(onOpen).toHaveBeenLastCalledWith({ id: 'r19' })
  press('Home')
  press('ArrowUp')
  press('Enter')
  expect(onOpen).toHaveBeenLastCalledWith({ id: 'r0' })
})

test('the header says how the rows are sorted and asks for another order', () => {
  const onSort = vi.fn()
  renderTable(3, { sort: { key: 'id', order: 'asc' }, onSort })
  expect(screen.getByRole('columnheader').getAttribute('aria-sort')).toBe('ascending')
  fireEvent.click(screen.getByRole('button', { name: 'Id' }))
  expect(onSort).toHaveBeenCalledWith('id')
})

test('more rows are asked for near the end only, and not twice at once', () => {
  const onMore = vi.fn()
  renderTable(20, { hasMore: true, onMore })
  expect(onMore).toHaveBeenCalled()
  const notYet = vi.fn()
  renderInApp(
    <DataTable<Row>
      label="Long"
      columns={columns}
      rows={rowsOf(5_000)}
      rowKey={(row) => row.id}
      hasMore
      onMore={notYet}
    />,
  )
  expect(notYet).not.toHaveBeenCalled()
})
