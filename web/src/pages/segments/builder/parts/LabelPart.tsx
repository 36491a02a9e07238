// Which property has to be the same?
import type { EventLabel, Selection } from '@/api/insightTypes'
import { fieldWords } from '@/kit/chart/words'
import { FieldPart } from '@/pages/ask/sentence/FieldPart'

interface LabelPartProps {
  same: EventLabel | null
  events: Selection
  onChange: (same: EventLabel | null) => void
}

/** "for the same order id", where a condition may be kept to one value. */
export function LabelPart({ same, events, onChange }: LabelPartProps) {
  return (
    <FieldPart
      words={same ? `for the same ${fieldWords(same.field)}` : 'for the same…'}
      label="Change what must be the same"
      event={events.events[0]}
      chosen={same?.field ?? null}
      none="Whatever it is about"
      quiet={!same}
      onChange={(field) => onChange(field && { field, view: 'whole' })}
    />
  )
}
