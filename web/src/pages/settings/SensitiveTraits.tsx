// Which traits may only some see?
import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core'
import type { Role } from '@/api/types'
import { roleWords } from '@/app/rights'
import { Icon } from '@/kit'
import classes from './settings.module.css'
import { newKey, type SensitiveRow } from './traitDraft'

const roles: Role[] = ['marketer', 'analyst', 'sales', 'read_only']

interface SensitiveTraitsProps {
  rows: SensitiveRow[]
  onChange: (rows: SensitiveRow[]) => void
}

export function SensitiveTraits({ rows, onChange }: SensitiveTraitsProps) {
  const put = (row: SensitiveRow) => onChange(rows.map((old) => (old.key === row.key ? row : old)))
  return (
    <div className={classes.rows}>
      <p>
        {rows.length === 0 && 'Everybody who sees customers sees every trait. '}
        The value of a sensitive trait is withheld from the other roles, on customers, timelines and
        in the debugger; that it is there is shown. API tokens that only read count as “Read only”.
      </p>
      {rows.map((row) => (
        <SensitiveLine
          key={row.key}
          row={row}
          onChange={put}
          onRemove={() => onChange(rows.filter((old) => old.key !== row.key))}
        />
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<Icon name="plus" />}
          onClick={() => onChange([...rows, { key: newKey(), pattern: '', roles: [] }])}
        >
          Add a sensitive trait
        </Button>
      </div>
    </div>
  )
}

interface SensitiveLineProps {
  row: SensitiveRow
  onChange: (row: SensitiveRow) => void
  onRemove: () => void
}

function SensitiveLine({ row, onChange, onRemove }: SensitiveLineProps) {
  const what = row.pattern || 'this trait'
  const toggle = (role: Role) =>
    onChange({
      ...row,
      roles: row.roles.includes(role)
        ? row.roles.filter((one) => one !== role)
        : [...row.roles, role],
    })
  return (
    <div className={classes.inline}>
      <TextInput
        label="Sensitive trait"
        description="A name; * stands for any letters"
        placeholder="health_*"
        maxLength={256}
        className={classes.grow}
        value={row.pattern}
        onChange={(event) => onChange({ ...row, pattern: event.currentTarget.value })}
      />
      <ActionIcon
        variant="subtle"
        size="lg"
        className={classes.level}
        aria-label={`Let everybody see ${what}`}
        onClick={onRemove}
      >
        <Icon name="x" />
      </ActionIcon>
      <fieldset className={classes.seers}>
        <legend>Who may see {what}</legend>
        <Checkbox label={roleWords.admin.label} checked disabled readOnly />
        {roles.map((role) => (
          <Checkbox
            key={role}
            label={roleWords[role].label}
            checked={row.roles.includes(role)}
            onChange={() => toggle(role)}
          />
        ))}
      </fieldset>
    </div>
  )
}
