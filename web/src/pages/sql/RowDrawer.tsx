// What does one row hold, in full: long texts unfolded, JSON opened?
import { Drawer } from '@mantine/core'
import { CopyButton, JsonViewer } from '@/kit'
import { countExact } from '@/kit/number'
import { jsonIn, kindOf, timeHover } from './cells'
import type { Numbered } from './resultColumns'
import classes from './sql.module.css'
import type { Cell, SqlColumn } from './types'

interface RowDrawerProps {
  columns: SqlColumn[]
  row: Numbered | null
  onClose: () => void
}

export function RowDrawer({ columns, row, onClose }: RowDrawerProps) {
  return (
    <Drawer
      opened={row !== null}
      onClose={onClose}
      position="right"
      size={480}
      title={row ? `Row ${countExact(row.n + 1)}` : ''}
      closeButtonProps={{ 'aria-label': 'Close the row' }}
    >
      {row && (
        <dl className={classes.fields}>
          {columns.map((column, i) => (
            <div key={i} className={classes.field}>
              <dt>
                <code>{column.name}</code>{' '}
                <span className={classes.type}>{column.type.toLowerCase()}</span>
              </dt>
              <dd>
                <Value column={column} cell={row.cells[i] ?? null} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Drawer>
  )
}

function Value({ column, cell }: { column: SqlColumn; cell: Cell }) {
  if (cell === null) return <span className={classes.null}>null</span>
  const json = jsonIn(cell)
  if (json) return <JsonViewer value={json} label={column.name} />
  const text = String(cell)
  return (
    <span className={classes.value}>
      <span className={classes.valueText}>
        <bdi>{text}</bdi>
        {kindOf(column.type) === 'time' && <span className={classes.local}>{timeHover(cell)}</span>}
      </span>
      <CopyButton text={text} what={column.name} />
    </span>
  )
}
