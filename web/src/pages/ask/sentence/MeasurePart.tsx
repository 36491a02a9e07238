// What is measured of an event: how often, by how many, or a number that it carries?
import { useQuery } from '@tanstack/react-query'
import { seenPropertiesQuery } from '@/api/catalogueQueries'
import type { EventField, Measure } from '@/api/insightTypes'
import { fieldWords, measureWords } from '@/kit/chart/words'
import { Chooser, type Option } from './Chooser'
import { numberFields } from './fields'
import { Part } from './Part'

interface MeasurePartProps {
  measure: Measure
  event: string | undefined
  onChange: (measure: Measure) => void
}

const counting: Measure[] = [{ is: 'customers' }, { is: 'events' }, { is: 'events_per_customer' }]

const countWords: Record<string, string> = {
  customers: 'customers with',
  events: 'number of',
  events_per_customer: 'times per customer of',
}

export function MeasurePart({ measure, event, onChange }: MeasurePartProps) {
  return (
    <Part words={measureWords(measure)} label="Change what is measured">
      {(close) => (
        <Measures
          measure={measure}
          event={event}
          onChoose={(next) => {
            onChange(next)
            close()
          }}
        />
      )}
    </Part>
  )
}

interface MeasuresProps {
  measure: Measure
  event: string | undefined
  onChoose: (measure: Measure) => void
}

function Measures({ measure, event, onChoose }: MeasuresProps) {
  const seen = useQuery(seenPropertiesQuery(event))
  const numbers = numberFields(seen.data?.properties ?? [])
  const offered = [
    ...counting.map((one) => ({
      measure: one,
      option: { key: one.is, label: countWords[one.is] ?? one.is, group: 'Counted' },
    })),
    ...numbers.flatMap(({ of, path }) => measuresOf({ of, path })),
  ]
  const options: Option[] = offered.map(({ option }) => option)
  const chosen = offered.find((one) => JSON.stringify(one.measure) === JSON.stringify(measure))
  return (
    <Chooser
      label="Change what is measured"
      placeholder="Find a measure or a number"
      options={options}
      chosen={chosen ? [chosen.option.key] : []}
      busy={seen.isPending}
      onChoose={(key) => {
        const one = offered.find(({ option }) => option.key === key)
        if (one) onChoose(one.measure)
      }}
    />
  )
}

function measuresOf(field: EventField): { measure: Measure; option: Option }[] {
  const name = fieldWords(field)
  const all: [string, Measure][] = [
    [`sum of ${name}`, { is: 'sum', of: field }],
    [`mean ${name}`, { is: 'mean', of: field }],
    [`${name} per customer`, { is: 'sum_per_customer', of: field }],
    [`median ${name}`, { is: 'percentile', of: field, percentile: 50 }],
    [`largest ${name}`, { is: 'max', of: field }],
    [`smallest ${name}`, { is: 'min', of: field }],
  ]
  return all.map(([label, measure]) => ({
    measure,
    option: { key: JSON.stringify(measure), label, group: 'path' in field ? field.path : field.of },
  }))
}
