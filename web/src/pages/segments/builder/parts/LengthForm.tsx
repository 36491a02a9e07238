// How long? A whole number and a unit.
import { NativeSelect, TextInput } from '@mantine/core'
import type { Length } from '@/api/definitionTypes'
import { partsOf, units, written, type Unit } from '../lengths'
import classes from '../builder.module.css'

interface LengthFieldsProps {
  label: string
  length: Length
  /** Calendar units make no sense between two events of minutes. */
  only?: readonly Unit[]
  onChange: (length: Length) => void
}

/** Two fields side by side; what is no whole number yet is kept as it is typed. */
export function LengthFields({ label, length, only = units, onChange }: LengthFieldsProps) {
  const parts = partsOf(length)
  const [typed = '', unit = 'day'] = parts
    ? [String(parts.n), parts.unit]
    : [length.split(' ')[0], unitOf(length)]
  const set = (n: string, next: Unit) =>
    onChange(/^\d+$/.test(n.trim()) ? written({ n: Number(n), unit: next }) : `${n} ${next}s`)
  return (
    <div className={classes.length}>
      <TextInput
        label={label}
        inputMode="numeric"
        value={typed}
        error={isLength(length) ? undefined : 'A whole number'}
        onChange={(event) => set(event.currentTarget.value, unit)}
        data-autofocus
      />
      <NativeSelect
        aria-label={`${label}: unit`}
        value={unit}
        data={only.map((one) => ({ value: one, label: `${one}s` }))}
        onChange={(event) => set(typed, event.currentTarget.value as Unit)}
      />
    </div>
  )
}

const unitOf = (length: Length): Unit =>
  units.find((unit) => length.trim().toLowerCase().endsWith(`${unit}s`)) ?? 'day'

export const isLength = (length: Length) => (partsOf(length)?.n ?? 0) > 0
