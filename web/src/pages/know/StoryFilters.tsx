// Which part of the story do I want to read?
import { Button, Popover, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import type { Customer } from '@/api/types'
import { Icon } from '@/kit'
import { countExact } from '@/kit/number'
import classes from './customer.module.css'
import type { StorySearch } from './storySearch'

interface StoryFiltersProps {
  search: StorySearch
  set: (change: StorySearch) => void
  counts: Customer['counts']
}

export function StoryFilters({ search, set, counts }: StoryFiltersProps) {
  const [typed, setTyped] = useState(search.text ?? '')
  const settle = useDebouncedCallback((value: string) => set({ text: value || undefined }), 300)
  return (
    <div className={classes.filters}>
      <TextInput
        aria-label="Search this story"
        placeholder="Search this story"
        className={classes.search}
        leftSection={<Icon name="search" size={14} />}
        data-page-search
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          settle(event.currentTarget.value.trim())
        }}
      />
      <Select
        aria-label="Event"
        placeholder="Any event"
        clearable
        searchable
        className={classes.select}
        data={counts.map(({ name, n }) => ({ value: name, label: `${name} (${countExact(n)})` }))}
        value={search.name ?? null}
        onChange={(value) => set({ name: value ?? undefined })}
      />
      <Days search={search} set={set} />
    </div>
  )
}

function Days({ search, set }: Pick<StoryFiltersProps, 'search' | 'set'>) {
  const chosen = [search.since, search.until].filter(Boolean).join(' to ')
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="clock" size={14} />}>
          {chosen || 'Any day'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.days}>
          <TextInput
            type="date"
            label="From"
            value={search.since ?? ''}
            onChange={(event) => set({ since: event.currentTarget.value || undefined })}
          />
          <TextInput
            type="date"
            label="To"
            value={search.until ?? ''}
            onChange={(event) => set({ until: event.currentTarget.value || undefined })}
          />
          <Button variant="default" onClick={() => set({ since: undefined, until: undefined })}>
            Any day
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
