// What did they do, day by day, up to this moment?
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useLive } from '@/api/live'
import type { Customer, TimelineEvent } from '@/api/types'
import { timelineQuery } from '@/api/queries'
import { EmptyState, ErrorState, Section, Skeleton, Status, Timeline } from '@/kit'
import classes from './customer.module.css'
import { OpenEvent } from './OpenEvent'
import { tell } from './story'
import { StoryFilters } from './StoryFilters'
import { storyQuery, type StorySearch } from './storySearch'

interface CustomerStoryProps {
  customer: Customer
  onProfileChanged: () => void
}

export function CustomerStory({ customer, onProfileChanged }: CustomerStoryProps) {
  const search = useSearch({ from: '/shell/know/customers/$id' })
  const navigate = useNavigate()
  const query = storyQuery(search)
  const isFiltered = Object.values(query).some((value) => value !== undefined)
  const past = useInfiniteQuery(timelineQuery(customer.id, query))
  const tail = useTail(customer.id, !isFiltered, onProfileChanged, () => {
    onProfileChanged()
    void past.refetch()
  })
  const events = merged(tail.events, past.data?.pages.flatMap((page) => page.items) ?? [])
  const byKey = new Map(events.map((event) => [event.seq, event]))
  const set = (change: StorySearch) =>
    void navigate({
      to: '/know/customers/$id',
      params: { id: customer.id },
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    })

  return (
    <Section title="Story" aside={<Tail state={tail.state} isFiltered={isFiltered} />}>
      <StoryFilters search={search} set={set} counts={customer.counts} />
      {past.isPending && <Skeleton height={28} lines={8} />}
      {past.isError && (
        <ErrorState
          what="The timeline could not be read"
          error={past.error}
          onRetry={() => void past.refetch()}
        />
      )}
      {past.isSuccess && events.length === 0 && (
        <EmptyState icon="clock" title={isFiltered ? 'No event fits' : 'No events'}>
          {isFiltered
            ? 'Nothing on this timeline fits these filters.'
            : 'This customer is known from an import or a merge, and nothing has happened yet.'}
        </EmptyState>
      )}
      <Timeline
        items={events.map(tell)}
        fresh={tail.keys}
        renderOpen={(key) => {
          const event = byKey.get(key)
          return event && <OpenEvent event={event} />
        }}
      />
      {past.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={past.isFetchingNextPage}
            onClick={() => void past.fetchNextPage()}
          >
            Show earlier events
          </Button>
        </div>
      )}
    </Section>
  )
}

function Tail({ state, isFiltered }: { state: string; isFiltered: boolean }) {
  if (isFiltered) return <Status tone="quiet">New events are not shown while filtered</Status>
  if (state === 'live') return <Status tone="accent">Live</Status>
  if (state === 'lost') return <Status tone="warn">Reconnecting</Status>
  return null
}

/** Events that arrive while somebody looks on. */
function useTail(id: string, on: boolean, onProfile: () => void, onGap: () => void) {
  const [events, setEvents] = useState<TimelineEvent[]>([])
  const state = useLive(
    on ? `/api/customers/${encodeURIComponent(id)}/stream` : null,
    {
      timeline: (data) => setEvents((old) => [data as TimelineEvent, ...old].slice(0, 500)),
      profile: onProfile,
    },
    onGap,
  )
  return { events: on ? events : [], keys: new Set(events.map((event) => event.seq)), state }
}

/** Newest first by the time it happened, each event once. */
function merged(live: TimelineEvent[], past: TimelineEvent[]): TimelineEvent[] {
  if (live.length === 0) return past
  const known = new Set(past.map((event) => event.seq))
  return [...live.filter((event) => !known.has(event.seq)), ...past].sort((a, b) =>
    a.occurred_at < b.occurred_at ? 1 : a.occurred_at > b.occurred_at ? -1 : 0,
  )
}
