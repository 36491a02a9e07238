// Which fields are compared, of which kind is each, and in which traits does it stand?
import { Button, Select, TextInput } from '@mantine/core'
import { Icon } from '@/kit'
import { kindOf, kinds } from './kinds'
import classes from './settings.module.css'
import { FIELDS_MAX, lackOf, newFieldRow, type FieldRow } from './settingsDraft'

interface FieldRowsProps {
  rows: FieldRow[]
  onChange: (rows: FieldRow[]) => void
}

export function FieldRows({ rows, onChange }: FieldRowsProps) {
  const set = (key: number, part: Partial<FieldRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...part } : row)))
  return (
    <div className={classes.fieldRows}>
      <p className="muted">
        Of the traits of a field the first that has a value counts; <code>address.city</code> looks
        inside.
      </p>
      <ul>
        {rows.map((row) => (
          <li key={row.key} className={classes.fieldRow}>
            <TextInput
              aria-label="Name of the field"
              placeholder="Name"
              value={row.name}
              onChange={(event) => set(row.key, { name: event.currentTarget.value })}
            />
            <Select
              aria-label={`Kind of ${row.name || 'the field'}`}
              data={kinds}
              value={row.kind}
              searchable
              onChange={(word) => set(row.key, { kind: kindOf(word) ?? row.kind })}
            />
            <TextInput
              aria-label={`Traits of ${row.name || 'the field'}`}
              placeholder="Traits, separated by commas"
              error={lackOf(row)}
              value={row.traits}
              onChange={(event) => set(row.key, { traits: event.currentTarget.value })}
            />
            <button
              type="button"
              className={classes.remove}
              aria-label={`Compare ${row.name || 'this field'} no more`}
              onClick={() => onChange(rows.filter((other) => other.key !== row.key))}
            >
              <Icon name="x" size={14} />
            </button>
          </li>
        ))}
      </ul>
      <Button
        variant="default"
        leftSection={<Icon name="plus" size={14} />}
        disabled={rows.length >= FIELDS_MAX}
        title={
          rows.length >= FIELDS_MAX ? `At most ${FIELDS_MAX} fields can be compared` : undefined
        }
        onClick={() => onChange([...rows, newFieldRow()])}
      >
        Compare another field
      </Button>
    </div>
  )
}
