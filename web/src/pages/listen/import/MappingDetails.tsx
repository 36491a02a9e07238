// What else must be known: under which name, in which time zone, in which currency?
import { Select, TextInput } from '@mantine/core'
import type { ImportMapping, UploadLook } from '@/api/types'
import { Section } from '@/kit'
import { viewerZone } from '@/kit/time'
import classes from './import.module.css'
import { timeFormatWords } from './partWords'

const zones = [...new Set(['UTC', viewerZone, ...Intl.supportedValuesOf('timeZone')])]
const CURRENCIES = 'EUR USD GBP CHF SEK NOK DKK PLN CZK HUF JPY CNY INR AUD CAD BRL'.split(' ')

interface MappingDetailsProps {
  look: UploadLook
  mapping: ImportMapping
  onChange: (mapping: ImportMapping) => void
}

export function MappingDetails({ look, mapping, onChange }: MappingDetailsProps) {
  return (
    <Section title="More about this import">
      <div className={classes.details}>
        <TextInput
          label="Name of this import"
          description="The same file under the same name again adds nothing twice."
          maxLength={100}
          value={mapping.name}
          onChange={(event) => onChange({ ...mapping, name: event.currentTarget.value })}
        />
        {mapping.time && <TimeDetails {...{ look, mapping, onChange }} />}
        {mapping.order && !mapping.order.currency?.column && (
          <Currency mapping={mapping} onChange={onChange} />
        )}
        <EventName mapping={mapping} onChange={onChange} />
      </div>
    </Section>
  )
}

function TimeDetails({ look, mapping, onChange }: MappingDetailsProps) {
  const time = mapping.time
  if (!time) return null
  const column = look.columns.find(({ name }) => name === time.column)
  const formats = [time.format, column?.time_format, column?.time_rival, 'iso', 'epoch']
  const known = [...new Set(formats.filter((format) => format != null))]
  return (
    <>
      <Select
        label="How times are written"
        description={column?.time_rival ? 'Every row fits two readings: please choose.' : undefined}
        data={known.map((value) => ({ value, label: timeFormatWords(value) }))}
        value={time.format}
        onChange={(format) => format && onChange({ ...mapping, time: { ...time, format } })}
      />
      <Select
        label="Time zone"
        description="Of times that do not say one themselves."
        data={zones}
        searchable
        value={time.zone}
        onChange={(zone) => zone && onChange({ ...mapping, time: { ...time, zone } })}
      />
    </>
  )
}

type DetailProps = Pick<MappingDetailsProps, 'mapping' | 'onChange'>

function Currency({ mapping, onChange }: DetailProps) {
  const { order } = mapping
  if (!order) return null
  const value = typeof order.currency?.value === 'string' ? order.currency.value : null
  const known = value && !CURRENCIES.includes(value) ? [value, ...CURRENCIES] : CURRENCIES
  return (
    <Select
      label="Currency of the sums"
      description="No column names it."
      placeholder="Choose one"
      data={known}
      searchable
      value={value}
      onChange={(code) =>
        code &&
        onChange({
          ...mapping,
          order: { ...order, currency: { column: null, value: code, as: null, prefix: null } },
        })
      }
    />
  )
}

/** The name of the event where every row is the same; orders and customers have theirs. */
function EventName({ mapping, onChange }: DetailProps) {
  const [rule, ...more] = mapping.events
  if (!rule || more.length > 0 || mapping.order || rule.name === null || rule.call !== 'track') {
    return null
  }
  return (
    <TextInput
      label="What happened, in each row"
      description="So it is called on timelines: “Shop Visited”, “Card Handed Out”."
      maxLength={100}
      value={rule.name}
      onChange={(event) =>
        onChange({ ...mapping, events: [{ ...rule, name: event.currentTarget.value }] })
      }
    />
  )
}
