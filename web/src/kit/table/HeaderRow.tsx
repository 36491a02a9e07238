// What do the columns mean, and by which are the rows sorted?
import { Icon } from '../Icon'
import classes from './DataTable.module.css'
import type { Column, Sort } from './types'

interface HeaderRowProps<Row> {
  columns: Column<Row>[]
  template: string
  sort?: Sort
  onSort?: (key: string) => void
  hidden: boolean
}

export function HeaderRow<Row>({ columns, template, sort, onSort, hidden }: HeaderRowProps<Row>) {
  if (hidden) {
    return (
      <div role="rowgroup" className="visually-hidden">
        <div role="row" aria-rowindex={1}>
          <div role="columnheader">{columns[0]?.header}</div>
        </div>
      </div>
    )
  }
  return (
    <div role="rowgroup" className={classes.head}>
      <div
        role="row"
        aria-rowindex={1}
        className={classes.headRow}
        style={{ gridTemplateColumns: template }}
      >
        {columns.map((column) => (
          <div
            key={column.key}
            role="columnheader"
            className={classes.headCell}
            data-align={column.align}
            aria-sort={ariaSort(column, sort)}
          >
            {column.sortable && onSort ? (
              <button type="button" className={classes.sort} onClick={() => onSort(column.key)}>
                {column.header}
                <SortMark order={sort?.key === column.key ? sort.order : null} />
              </button>
            ) : (
              column.header
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

function SortMark({ order }: { order: 'asc' | 'desc' | null }) {
  return (
    <span className={classes.mark} data-on={order !== null || undefined}>
      <Icon name={order === 'asc' ? 'arrow-up' : 'arrow-down'} size={12} />
    </span>
  )
}

function ariaSort<Row>(column: Column<Row>, sort?: Sort) {
  if (!column.sortable) return undefined
  if (sort?.key !== column.key) return 'none'
  return sort.order === 'asc' ? 'ascending' : 'descending'
}
