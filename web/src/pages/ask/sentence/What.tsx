// Which events, and which of them?
import type { Selection } from '@/api/insightTypes'
import { EventPart } from './EventPart'
import { WherePart } from './WherePart'

interface WhatProps {
  selection: Selection
  label: string
  /** Whether any event will do. */
  orAny?: boolean
  onChange: (selection: Selection) => void
  after?: string
}

export function What({ selection, label, orAny = true, onChange, after }: WhatProps) {
  const isOpen = !orAny && selection.events.length === 0
  return (
    <>
      <EventPart
        selection={isOpen ? null : selection}
        empty="choose an event"
        startsOpen={isOpen}
        label={label}
        orAny={orAny}
        onChange={onChange}
      />
      {!isOpen && <WherePart selection={selection} onChange={onChange} after={after} />}
    </>
  )
}
