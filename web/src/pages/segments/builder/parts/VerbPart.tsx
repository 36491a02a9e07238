// What is counted of an event: how often, on how many days, how long ago, or a number in it?
import { useQuery } from '@tanstack/react-query'
import { seenPropertiesQuery } from '@/api/catalogueQueries'
import type { Behaviour, NumberTest, Quantity } from '@/api/definitionTypes'
import type { EventField } from '@/api/insightTypes'
import { fieldWords } from '@/kit/chart/words'
import { Chooser, type Option } from '@/pages/ask/sentence/Chooser'
import { numberFields } from '@/pages/ask/sentence/fields'
import { Part } from '@/pages/ask/sentence/Part'
import { verbWords } from '../words'

interface VerbPartProps {
  behaviour: Behaviour
  denied: boolean
  onChange: (behaviour: Behaviour) => void
}

export function VerbPart({ behaviour, denied, onChange }: VerbPartProps) {
  const { measure, events } = behaviour
  return (
    <Part words={verb(measure, denied)} label="Change what is counted">
      {(close) => (
        <Measures
          event={events.events[0]}
          measure={measure}
          onChoose={(next) => {
            onChange(withMeasure(behaviour, next))
            close()
          }}
        />
      )}
    </Part>
  )
}

/** "do not have", "are not customers who last had". */
function verb(measure: Quantity, denied: boolean): string {
  const words = verbWords(measure)
  if (!denied) return words
  return words.startsWith('have') ? `do not ${words}` : `are not customers who ${words}`
}

const firstNumbers: Record<Quantity['is'], NumberTest> = {
  times: { op: 'at_least', value: 1 },
  days: { op: 'at_least', value: 2 },
  days_since_last: { op: 'more', value: 14 },
  days_since_first: { op: 'at_most', value: 14 },
  sum: { op: 'more', value: 100 },
  mean: { op: 'more', value: 100 },
  least: { op: 'less', value: 100 },
  greatest: { op: 'more', value: 100 },
  distinct: { op: 'at_least', value: 2 },
}

/** How long ago the last one was asks for no window; of the same kind the number stays. */
function withMeasure(behaviour: Behaviour, measure: Quantity): Behaviour {
  const isSince = measure.is === 'days_since_last' || measure.is === 'days_since_first'
  const number = behaviour.measure.is === measure.is ? behaviour.number : firstNumbers[measure.is]
  return { ...behaviour, measure, number, ...(isSince && { window: { is: 'ever' as const } }) }
}

const counting: { measure: Quantity; option: Option }[] = [
  { measure: { is: 'times' }, option: { key: 'times', label: 'how many times', group: 'Counted' } },
  {
    measure: { is: 'days' },
    option: { key: 'days', label: 'on how many different days', group: 'Counted' },
  },
  {
    measure: { is: 'days_since_last' },
    option: { key: 'last', label: 'how long ago the last one was', group: 'Counted' },
  },
  {
    measure: { is: 'days_since_first' },
    option: { key: 'first', label: 'how long ago the first one was', group: 'Counted' },
  },
]

interface MeasuresProps {
  event: string | undefined
  measure: Quantity
  onChoose: (measure: Quantity) => void
}

function Measures({ event, measure, onChoose }: MeasuresProps) {
  const seen = useQuery(seenPropertiesQuery(event))
  const all = seen.data?.properties ?? []
  const offered = [
    ...counting,
    ...numberFields(all).flatMap(({ of, path }) => measuresOf({ of, path })),
    ...all
      .filter(({ types }) => types.includes('string'))
      .map(({ of, path }) => valuesOf({ of, path })),
  ]
  const same = (a: Quantity, b: Quantity) => JSON.stringify(a) === JSON.stringify(b)
  const chosen = offered.find((one) => same(one.measure, measure))
  return (
    <Chooser
      label="Change what is counted"
      placeholder="Find a measure or a property"
      options={offered.map(({ option }) => option)}
      chosen={chosen ? [chosen.option.key] : []}
      busy={seen.isPending}
      onChoose={(key) => {
        const one = offered.find(({ option }) => option.key === key)
        if (one) onChoose(one.measure)
      }}
    />
  )
}

function measuresOf(of: EventField) {
  const group = fieldWords(of)
  const words = { sum: 'sum of', mean: 'average', least: 'smallest', greatest: 'largest' } as const
  return (Object.keys(words) as (keyof typeof words)[]).map((is) => ({
    measure: { is, of },
    option: { key: JSON.stringify([is, of]), label: `${words[is]} ${group}`, group },
  }))
}

function valuesOf(field: EventField) {
  const measure: Quantity = { is: 'distinct', by: { field, view: 'whole' } }
  const label = `different values of ${fieldWords(field)}`
  return {
    measure,
    option: { key: JSON.stringify(measure), label, group: 'How many different ones' },
  }
}
