// How do the columns of an answer stand in the table?
import { Link } from '@tanstack/react-router'
import type { Column } from '@/kit'
import { isGrouped, jsonIn, kindOf, numberText, oneLine, timeHover, timeText } from './cells'
import classes from './sql.module.css'
import type { Cell, SqlAnswer, SqlColumn } from './types'

export interface Numbered {
  cells: Cell[]
  /** The number of the row, from 0. */
  n: number
}

const LOOKED_AT = 200
const CHAR_PX = 9
const PADDING_PX = 28
const WIDTH_PX = { min: 72, max: 420 }

export function columnsFor({ columns, rows }: SqlAnswer): Column<Numbered>[] {
  const some = rows.slice(0, LOOKED_AT)
  return columns.map((column, i) => {
    const cells = some.map((row) => row[i] ?? null)
    const grouped = isGrouped(
      column,
      rows.map((row) => row[i] ?? null),
    )
    const isNumber = kindOf(column.type) === 'number'
    const width = widthOf(column, cells, grouped)
    const isLast = i === columns.length - 1
    return {
      key: String(i),
      header: column.name,
      width: isLast && !isNumber ? `minmax(${width}px, 1fr)` : `${width}px`,
      align: isNumber ? 'end' : undefined,
      render: (row) => <CellText column={column} cell={row.cells[i] ?? null} grouped={grouped} />,
    }
  })
}

function widthOf(column: SqlColumn, cells: Cell[], grouped: boolean): number {
  const longest = cells.reduce<number>(
    (most, cell) => Math.max(most, cellText(column, cell, grouped).length),
    column.name.length,
  )
  return Math.min(WIDTH_PX.max, Math.max(WIDTH_PX.min, Math.round(longest * CHAR_PX) + PADDING_PX))
}

export function cellText(column: SqlColumn, cell: Cell, grouped: boolean): string {
  if (cell === null) return 'null'
  const kind = kindOf(column.type)
  if (kind === 'number') return numberText(cell, grouped)
  if (kind === 'time') return timeText(cell)
  return oneLine(cell)
}

interface CellTextProps {
  column: SqlColumn
  cell: Cell
  grouped: boolean
}

const customerId = /^c_[0-9a-z]{4,}$/

function CellText({ column, cell, grouped }: CellTextProps) {
  if (cell === null) return <span className={classes.null}>null</span>
  const text = cellText(column, cell, grouped)
  if (kindOf(column.type) === 'time') {
    return <time title={timeHover(cell)}>{text}</time>
  }
  if (customerId.test(text) && /customer/i.test(column.name)) {
    return (
      <Link to="/know/customers/$id" params={{ id: text }} tabIndex={-1}>
        {text}
      </Link>
    )
  }
  if (jsonIn(cell)) return <code className={classes.json}>{text}</code>
  return <bdi>{text}</bdi>
}
