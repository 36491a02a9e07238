// Which customers do I want to see? All choices are in the address.
import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { countryName, FilterBar } from '@/kit'
import { countryCodes } from './countryCodes'
import type { CustomersSearch } from './customersSearch'

interface CustomerFiltersProps {
  search: CustomersSearch
  set: (change: CustomersSearch) => void
  aside: ReactNode
}

const choices = {
  known: [
    { value: 'true', label: 'Known' },
    { value: 'false', label: 'Anonymous' },
  ],
  has_orders: [
    { value: 'true', label: 'With orders' },
    { value: 'false', label: 'Without orders' },
  ],
  seen_since: [
    { value: '1d', label: 'Seen in 24 hours' },
    { value: '7d', label: 'Seen in 7 days' },
    { value: '30d', label: 'Seen in 30 days' },
    { value: '90d', label: 'Seen in 90 days' },
  ],
}

const countries = countryCodes
  .map((value) => ({ value, label: countryName(value) }))
  .sort((a, b) => a.label.localeCompare(b.label))

export function CustomerFilters({ search, set, aside }: CustomerFiltersProps) {
  const select = (
    key: 'known' | 'has_orders' | 'seen_since' | 'country',
    label: string,
    placeholder: string,
    data: { value: string; label: string }[],
  ) => (
    <Select
      aria-label={label}
      placeholder={placeholder}
      clearable
      searchable={key === 'country'}
      data={data}
      value={search[key] ?? null}
      onChange={(value) => set({ [key]: value ?? undefined })}
    />
  )
  const { known, has_orders, seen_since, country } = search
  return (
    <FilterBar
      search={{
        label: 'Search customers',
        placeholder: 'Name, e-mail, phone or any id',
        text: search.q ?? '',
        onText: (q) => set({ q }),
      }}
      n_chosen={[known, has_orders, seen_since, country].filter(Boolean).length}
      aside={aside}
    >
      {select('known', 'Known or anonymous', 'Known or not', choices.known)}
      {select('has_orders', 'Orders', 'Orders or not', choices.has_orders)}
      {select('seen_since', 'Seen since', 'Seen any time', choices.seen_since)}
      {select('country', 'Country', 'Any country', countries)}
    </FilterBar>
  )
}
