// Which columns do I want to see?
import { Button, Checkbox, Popover } from '@mantine/core'
import { Icon } from '../Icon'
import classes from './DataTable.module.css'
import { shownColumns, type Column } from './types'

interface ColumnChoiceProps<Row> {
  columns: Column<Row>[]
  chosen: string[] | null
  onChoose: (keys: string[] | null) => void
}

export function ColumnChoice<Row>({ columns, chosen, onChoose }: ColumnChoiceProps<Row>) {
  const shown = shownColumns(columns, chosen).map((column) => column.key)
  const toggle = (key: string) =>
    onChoose(shown.includes(key) ? shown.filter((k) => k !== key) : [...shown, key])

  return (
    <Popover position="bottom-end" width={220} trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="columns-3" size={14} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.choice} role="group" aria-label="Columns shown">
          {columns.map((column) => (
            <Checkbox
              key={column.key}
              label={column.header}
              checked={shown.includes(column.key)}
              disabled={column.always}
              onChange={() => toggle(column.key)}
            />
          ))}
          {chosen && (
            <button type="button" className={classes.reset} onClick={() => onChoose(null)}>
              Back to the usual columns
            </button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
