// Which field of the event: a number that is added up, or what something is called by?
import { useQuery } from '@tanstack/react-query'
import { seenPropertiesQuery } from '@/api/catalogueQueries'
import type { EventField } from '@/api/insightTypes'
import { Chooser } from './Chooser'
import { keyOf, numberFields, propertyOptions, usual } from './fields'
import { Part } from './Part'

interface FieldPartProps {
  words: string
  label: string
  event: string | undefined
  chosen: EventField | null
  /** What it is called to choose no field. */
  none?: string
  onlyNumbers?: boolean
  quiet?: boolean
  after?: string
  onChange: (field: EventField | null) => void
}

const NONE = 'none'

export function FieldPart(props: FieldPartProps) {
  const { words, label, quiet, onChange } = props
  return (
    <Part words={words} label={label} quiet={quiet} after={props.after}>
      {(close) => (
        <Fields
          {...props}
          onChange={(field) => {
            onChange(field)
            close()
          }}
        />
      )}
    </Part>
  )
}

function Fields({ label, event, chosen, none, onlyNumbers, onChange }: FieldPartProps) {
  const seen = useQuery(seenPropertiesQuery(event))
  const all = seen.data?.properties ?? []
  const offers = onlyNumbers
    ? propertyOptions(numberFields(all))
    : [...usual(all), ...propertyOptions(all)]
  const offered = offers.flatMap(({ by, ...option }) =>
    by.of === 'property' || by.of === 'context'
      ? [{ field: { of: by.of, path: by.path } as EventField, ...option }]
      : [],
  )
  return (
    <Chooser
      label={label}
      placeholder="Find a property"
      options={[
        ...(none ? [{ key: NONE, label: none }] : []),
        ...offered.map(({ field, ...option }) => ({ key: keyOf(field), ...option })),
      ]}
      chosen={[chosen ? keyOf(chosen) : NONE]}
      busy={seen.isPending}
      nothing={onlyNumbers ? 'No number was seen on this event.' : 'No property was seen.'}
      onChoose={(key) => onChange(offered.find(({ field }) => keyOf(field) === key)?.field ?? null)}
    />
  )
}
