// What is measured: one number over time, several in a formula, or a habit?
import { Select, TextInput } from '@mantine/core'
import type { TrendSeries } from '@/api/insightTypes'
import type { MetricDefinition } from '@/api/metricTypes'
import { QuietButton } from '@/kit'
import { EventPart } from '../ask/sentence/EventPart'
import { MeasurePart } from '../ask/sentence/MeasurePart'
import { WherePart } from '../ask/sentence/WherePart'
import classes from './metrics.module.css'

interface DefinitionFormProps {
  definition: MetricDefinition
  onChange: (definition: MetricDefinition) => void
}

const kinds: { value: MetricDefinition['is']; label: string }[] = [
  { value: 'trend', label: 'What happened' },
  { value: 'habit', label: 'A habit: on what share of the days those active are active' },
  { value: 'kept', label: 'Who comes back: which share is active again in the span after' },
]

const SERIES_MAX = 8
const letter = (at: number) => String.fromCharCode(65 + at)
const anything = () => ({ events: [], tests: [] })

export function DefinitionForm({ definition, onChange }: DefinitionFormProps) {
  const choose = (is: MetricDefinition['is']) => {
    if (is === definition.is) return
    const events = definition.is === 'trend' ? definition.series[0]?.events : definition.events
    if (is === 'trend') {
      const series = [{ events: events ?? anything(), measure: { is: 'events' as const } }]
      onChange({ is, series, formula: null })
    } else onChange({ is, events: events ?? anything() })
  }
  return (
    <div className={classes.form}>
      <Select
        aria-label="Kind of measure"
        data={kinds}
        value={definition.is}
        onChange={(value) => value && choose(value as MetricDefinition['is'])}
      />
      {definition.is === 'trend' ? (
        <Series definition={definition} onChange={onChange} />
      ) : (
        <div className={classes.sentence}>
          {'Active is who has '}
          <EventPart
            selection={definition.events}
            label="Change the event"
            orAny
            onChange={(events) => onChange({ ...definition, events })}
          />
          <WherePart
            selection={definition.events}
            onChange={(events) => onChange({ ...definition, events })}
          />
        </div>
      )}
    </div>
  )
}

type Trend = Extract<MetricDefinition, { is: 'trend' }>

function Series({ definition, onChange }: { definition: Trend; onChange: (next: Trend) => void }) {
  const { series, formula } = definition
  const set = (at: number, next: TrendSeries) =>
    onChange({ ...definition, series: series.map((one, i) => (i === at ? next : one)) })
  const hasFormula = series.length > 1 || Boolean(formula)
  return (
    <>
      <ul className={classes.series}>
        {series.map((one, at) => (
          <li key={at} className={classes.sentence}>
            {hasFormula && <code className={classes.letter}>{letter(at)}</code>}
            {'The '}
            <MeasurePart
              measure={one.measure}
              event={one.events.events[0]}
              onChange={(measure) => set(at, { ...one, measure })}
            />{' '}
            <EventPart
              selection={one.events}
              label="Change the event"
              orAny
              onChange={(events) => set(at, { ...one, events })}
              onRemove={
                series.length > 1
                  ? () => onChange({ ...definition, series: series.filter((_, i) => i !== at) })
                  : undefined
              }
            />
            <WherePart selection={one.events} onChange={(events) => set(at, { ...one, events })} />
          </li>
        ))}
      </ul>
      {series.length < SERIES_MAX && (
        <div>
          <QuietButton
            onClick={() => {
              const more = { events: anything(), measure: { is: 'events' as const } }
              const next = [...series, more]
              onChange({
                ...definition,
                series: next,
                formula: formula || (next.length === 2 ? 'A / B * 100' : formula),
              })
            }}
          >
            Compute it from one more number
          </QuietButton>
        </div>
      )}
      {hasFormula && (
        <TextInput
          label="Formula"
          description={`${series.map((_, at) => letter(at)).join(', ')} with + - * / and brackets`}
          classNames={{ input: classes.mono }}
          value={formula ?? ''}
          onChange={(event) => onChange({ ...definition, formula: event.currentTarget.value })}
        />
      )}
    </>
  )
}
