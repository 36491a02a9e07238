// How are up to 100,000 rows shown, sorted and walked through with the keyboard?
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { Skeleton } from '../states'
import { useNarrow } from '../useNarrow'
import classes from './DataTable.module.css'
import { HeaderRow } from './HeaderRow'
import type { Column, Sort } from './types'
import { useActiveRow } from './useActiveRow'

const ROW_PX = 40
const PHONE_ROW_PX = 64

export interface DataTableProps<Row> {
  label: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  /** One row as two lines, for narrow screens. Without it the columns scroll sideways. */
  phoneRow?: (row: Row) => ReactNode
  onOpen?: (row: Row) => void
  sort?: Sort
  onSort?: (key: string) => void
  /** All rows there are, loaded or not; null when only a count of the loaded ones exists. */
  total?: number | null
  hasMore?: boolean
  onMore?: () => void
  loading?: boolean
  /** The key of a row that is open beside the table. */
  openKey?: string
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, phoneRow, onOpen, hasMore = false, onMore, loading } = props
  const narrow = useNarrow()
  const stacked = narrow && phoneRow !== undefined
  const box = useRef<HTMLDivElement>(null)
  const id = useId()

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => (stacked ? PHONE_ROW_PX : ROW_PX),
    overscan: 12,
    getItemKey: (i) => rowKey(rows[i]!),
  })
  useEffect(() => virtual.measure(), [stacked, virtual])

  const shown = virtual.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !loading && lastShown >= rows.length - 20) onMore?.()
  }, [hasMore, loading, lastShown, rows.length, onMore])

  const { active, onKeyDown, setActive } = useActiveRow({
    count: rows.length,
    scrollTo: (i) => virtual.scrollToIndex(i),
    open: (i) => rows[i] && onOpen?.(rows[i]),
  })
  const template = columns.map((column) => column.width).join(' ')

  return (
    <div
      ref={box}
      className={classes.box}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={(props.total ?? rows.length) + 1}
      aria-busy={loading || undefined}
      aria-activedescendant={active === null ? undefined : `${id}-${active}`}
      onKeyDown={onKeyDown}
      data-openable={onOpen ? true : undefined}
    >
      <div className={classes.sheet} data-stacked={stacked || undefined}>
        <HeaderRow
          columns={columns}
          template={template}
          sort={props.sort}
          onSort={props.onSort}
          hidden={stacked}
        />
        <div className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {shown.map((item) => {
            const row = rows[item.index]!
            return (
              <div
                key={item.key}
                id={`${id}-${item.index}`}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={rowKey(row) === props.openKey || undefined}
                data-active={active === item.index || undefined}
                className={classes.row}
                style={{
                  height: item.size,
                  transform: `translateY(${item.start}px)`,
                  gridTemplateColumns: stacked ? '1fr' : template,
                }}
                onClick={(event) => {
                  setActive(item.index)
                  if (!wantsOwnClick(event)) onOpen?.(row)
                }}
              >
                {stacked ? (
                  <div role="gridcell" className={classes.stack}>
                    {phoneRow(row)}
                  </div>
                ) : (
                  <Cells columns={columns} row={row} />
                )}
              </div>
            )
          })}
        </div>
        {loading && <LoadingRows />}
      </div>
    </div>
  )
}

function Cells<Row>({ columns, row }: { columns: Column<Row>[]; row: Row }) {
  return columns.map((column) => (
    <div key={column.key} role="gridcell" className={classes.cell} data-align={column.align}>
      {column.render(row)}
    </div>
  ))
}

function LoadingRows() {
  return (
    <div className={classes.loading}>
      <Skeleton height={16} lines={6} />
    </div>
  )
}

// Links and buttons inside of a row do their own thing; so do clicks that open a new tab.
function wantsOwnClick(event: React.MouseEvent): boolean {
  const selecting = window.getSelection()?.toString() !== ''
  const inner = (event.target as HTMLElement).closest('a, button, input')
  return inner !== null || event.metaKey || event.ctrlKey || selecting
}
