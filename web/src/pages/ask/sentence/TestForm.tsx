// What must hold for a property? Values that were seen are offered.
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { seenPropertiesQuery, seenValuesQuery } from '@/api/catalogueQueries'
import type { EventField, EventTest } from '@/api/insightTypes'
import { fieldWords } from '@/kit/chart/words'
import { countShort } from '@/kit/number'
import { OpForm } from './OpForm'
import { ValuesForm } from './ValuesForm'

interface TestFormProps {
  event: string | undefined
  field: EventField
  test?: EventTest
  onDone: (test: EventTest) => void
}

export function TestForm({ event, field, test, onDone }: TestFormProps) {
  const seen = useQuery(seenPropertiesQuery(event))
  const isNumber = seen.data?.properties.some(
    (one) => 'path' in field && one.path === field.path && one.types.includes('number'),
  )
  return (
    <OpForm
      words={fieldWords(field)}
      isNumber={isNumber ?? false}
      given={test}
      values={(chosen, onValues) => <Values {...{ event, field, chosen }} onDone={onValues} />}
      onDone={(op) => onDone({ field, view: test?.view ?? 'whole', ...op })}
    />
  )
}

/** Values are looked for once somebody stops typing. */
const SETTLE_MS = 200

interface ValuesProps {
  event: string | undefined
  field: EventField
  chosen: string[]
  onDone: (values: string[]) => void
}

function Values({ event, field, chosen, onDone }: ValuesProps) {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, SETTLE_MS)
  const path = 'path' in field ? field.path : ''
  const seen = useQuery(seenValuesQuery({ event, of: field.of, path, q }))
  const values = seen.data?.values ?? []
  const offered = values.map(({ value, n }) => ({ value, note: countShort(n) }))
  return <ValuesForm {...{ offered, chosen, onDone }} busy={seen.isPending} onTyped={setTyped} />
}
