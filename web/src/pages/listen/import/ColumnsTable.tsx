// Which column is what? One line per column: its name, what is in it, and a choice.
import { Select, TextInput } from '@mantine/core'
import type { ImportMapping, UploadColumn, UploadLook } from '@/api/types'
import { share } from '@/kit/number'
import classes from './import.module.css'
import { partsPlayed, playedBy, withName, withPart, type Part, type Played } from './parts'
import { partChoices } from './partWords'

const EXAMPLES_SHOWN = 3

interface ColumnsTableProps {
  look: UploadLook
  mapping: ImportMapping
  onChange: (mapping: ImportMapping) => void
}

export function ColumnsTable({ look, mapping, onChange }: ColumnsTableProps) {
  const played = partsPlayed(mapping)
  return (
    <ul className={classes.columns} aria-label="Columns of the file">
      {look.columns.map((column) => (
        <ColumnLine
          key={column.name}
          look={look}
          column={column}
          played={playedBy(played, column.name)}
          onPart={(part) => onChange(withPart(mapping, column, part))}
          onName={(name) => onChange(withName(mapping, column.name, name))}
        />
      ))}
    </ul>
  )
}

interface ColumnLineProps {
  look: UploadLook
  column: UploadColumn
  played: Played
  onPart: (part: Part) => void
  onName: (name: string) => void
}

function ColumnLine({ look, column, played, onPart, onName }: ColumnLineProps) {
  return (
    <li className={classes.column} data-out={played.part === 'nothing' || undefined}>
      <div className={classes.columnHead}>
        <span className={classes.columnName}>
          <bdi>{column.name}</bdi>
        </span>
        <span className={classes.holds}>{holds(column)}</span>
        <span className={classes.examples}>
          <bdi>{column.examples.slice(0, EXAMPLES_SHOWN).join(' · ')}</bdi>
        </span>
      </div>
      <div className={classes.choice}>
        <Select
          aria-label={`What “${column.name}” means`}
          data={partChoices(look.shape, played.part)}
          value={played.part}
          onChange={(part) => part && onPart(part as Part)}
        />
        {played.name !== null && (
          <TextInput
            aria-label={`What “${column.name}” is called`}
            leftSectionWidth={56}
            leftSection={<span className={classes.as}>called</span>}
            value={played.name}
            maxLength={100}
            onChange={(event) => onName(event.currentTarget.value)}
          />
        )}
      </div>
    </li>
  )
}

function holds({ holds, n_empty, n_seen }: UploadColumn): string {
  if (n_empty === 0 || n_seen === 0 || n_empty === n_seen) return holds
  return `${holds}, empty in ${share(n_empty, n_seen)}`
}
