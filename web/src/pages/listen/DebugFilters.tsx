// Which events do I want to see? All choices are in the address.
import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { eventKinds } from '@/api/words'
import { FilterBar } from '@/kit'
import { statusWords } from './sourceWords'

export interface DebugSearch {
  source?: string
  kind?: string
  status?: string
  text?: string
}

interface DebugFiltersProps {
  search: DebugSearch
  set: (change: DebugSearch) => void
  sources: { id: string; name: string }[]
  aside: ReactNode
}

const outcomes = Object.entries(statusWords).map(([value, { words }]) => ({ value, label: words }))

export function DebugFilters({ search, set, sources, aside }: DebugFiltersProps) {
  const { source, status, kind } = search
  return (
    <FilterBar
      search={{
        label: 'Search events',
        placeholder: 'Name, identifier, message id or reason',
        text: search.text ?? '',
        onText: (text) => set({ text }),
      }}
      n_chosen={[source, status, kind].filter(Boolean).length}
      aside={aside}
    >
      <Select
        aria-label="Source"
        placeholder="Any source"
        clearable
        data={sources.map(({ id, name }) => ({ value: id, label: name }))}
        value={source ?? null}
        onChange={(value) => set({ source: value ?? undefined })}
      />
      <Select
        aria-label="Outcome"
        placeholder="Any outcome"
        clearable
        data={outcomes}
        value={status ?? null}
        onChange={(value) => set({ status: value ?? undefined })}
      />
      <Select
        aria-label="Kind"
        placeholder="Any kind"
        clearable
        data={eventKinds}
        value={kind ?? null}
        onChange={(value) => set({ kind: value ?? undefined })}
      />
    </FilterBar>
  )
}
