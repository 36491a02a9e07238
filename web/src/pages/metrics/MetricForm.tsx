// What is the metric called, in what is it counted, and what is good?
import { NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import type { MetricDraft, MetricGood, MetricUnit } from '@/api/metricTypes'
import { Section } from '@/kit'
import { DefinitionForm } from './DefinitionForm'
import classes from './metrics.module.css'

interface MetricFormProps {
  draft: MetricDraft
  onChange: (draft: MetricDraft) => void
  /** Why it cannot be saved yet. */
  trouble: string | null
}

export function MetricForm({ draft, onChange, trouble }: MetricFormProps) {
  const set = (part: Partial<MetricDraft>) => onChange({ ...draft, ...part })
  return (
    <div className={classes.form}>
      <TextInput
        label="Name"
        placeholder="What people call it"
        maxLength={100}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Note"
        placeholder="What it is for"
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        value={draft.note}
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
      <Section title="What is measured">
        <DefinitionForm
          definition={draft.definition}
          onChange={(definition) => set({ definition })}
        />
      </Section>
      <Unit unit={draft.unit} onChange={(unit) => set({ unit })} />
      <Good good={draft.good} onChange={(good) => set({ good })} />
      <TextInput
        label="Owner"
        description="Whom to ask about it"
        maxLength={100}
        value={draft.owner}
        onChange={(event) => set({ owner: event.currentTarget.value })}
      />
      {trouble && (
        <p className="muted small" role="status">
          {trouble}
        </p>
      )}
    </div>
  )
}

const units: { value: MetricUnit['is']; label: string }[] = [
  { value: 'events', label: 'Events' },
  { value: 'customers', label: 'Customers' },
  { value: 'money', label: 'Money' },
  { value: 'percent', label: 'Percent: a number of a hundred' },
  { value: 'share', label: 'A share: 1 is all' },
  { value: 'days', label: 'Days' },
  { value: 'other', label: 'Something else' },
]

function Unit({ unit, onChange }: { unit: MetricUnit; onChange: (unit: MetricUnit) => void }) {
  const choose = (is: MetricUnit['is']) => {
    if (is === 'money') onChange({ is, currency: 'EUR' })
    else if (is === 'other') onChange({ is, name: '' })
    else onChange({ is })
  }
  return (
    <div className={classes.inline}>
      <Select
        label="Counted in"
        data={units}
        value={unit.is}
        onChange={(value) => value && choose(value as MetricUnit['is'])}
      />
      {unit.is === 'money' && (
        <TextInput
          label="Currency"
          maxLength={3}
          className={classes.short}
          value={unit.currency}
          onChange={(event) =>
            onChange({ is: 'money', currency: event.currentTarget.value.toUpperCase() })
          }
        />
      )}
      {unit.is === 'other' && (
        <TextInput
          label="What"
          placeholder="points"
          maxLength={100}
          value={unit.name}
          onChange={(event) => onChange({ is: 'other', name: event.currentTarget.value })}
        />
      )}
    </div>
  )
}

const goods: { value: MetricGood['is']; label: string }[] = [
  { value: 'up', label: 'More is better' },
  { value: 'down', label: 'Less is better' },
  { value: 'between', label: 'It should stay between two numbers' },
  { value: 'neither', label: 'Neither: it is a size, not an aim' },
]

function Good({ good, onChange }: { good: MetricGood; onChange: (good: MetricGood) => void }) {
  const choose = (is: MetricGood['is']) =>
    onChange(is === 'between' ? { is, low: 0, high: 100 } : { is })
  return (
    <div className={classes.inline}>
      <Select
        label="What is good"
        data={goods}
        className={classes.good}
        value={good.is}
        onChange={(value) => value && choose(value as MetricGood['is'])}
      />
      {good.is === 'between' && (
        <>
          <NumberInput
            label="At least"
            className={classes.short}
            value={good.low}
            onChange={(value) => onChange({ ...good, low: Number(value) })}
          />
          <NumberInput
            label="At most"
            className={classes.short}
            value={good.high}
            onChange={(value) => onChange({ ...good, high: Number(value) })}
          />
        </>
      )}
    </div>
  )
}
