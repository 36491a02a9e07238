// Which kinds of customers did the house give a name, and how many are they?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { archivedSegmentsQuery, segmentsQuery } from '@/api/segmentQueries'
import type { SegmentLine as Line } from '@/api/segmentTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { EmptyState, ErrorState, FilterBar, Icon, Page, PageHeader, Section, Skeleton } from '@/kit'
import { SegmentLine } from './SegmentLine'
import { Templates } from './Templates'
import classes from './list.module.css'

export function Segments() {
  const mayChange = useMay('change_segments')
  const navigate = useNavigate({ from: '/decide/segments' })
  return (
    <Page>
      <PageHeader
        title="Segments"
        lead="Customers who have something in common now: defined once, kept up to date by themselves."
        action={
          <Button
            leftSection={<Icon name="plus" size={14} />}
            disabled={!mayChange}
            title={mayChange ? undefined : whyNot('change_segments')}
            onClick={() => void navigate({ to: '/decide/segments/new' })}
          >
            New segment
          </Button>
        }
      />
      <List mayChange={mayChange} />
    </Page>
  )
}

/** Whoever has more than these does not begin any more. */
const FEW = 12

function List({ mayChange }: { mayChange: boolean }) {
  const search = useSearch({ from: '/shell/decide/segments' })
  const navigate = useNavigate({ from: '/decide/segments' })
  const segments = useQuery(segmentsQuery)
  if (segments.isPending) return <Skeleton height={64} lines={5} />
  if (segments.isError) {
    return (
      <ErrorState
        what="The segments could not be read"
        error={segments.error}
        onRetry={() => void segments.refetch()}
      />
    )
  }
  const all = segments.data.items
  if (all.length === 0) {
    return (
      <>
        <NoSegments mayChange={mayChange} />
        <Archived />
      </>
    )
  }
  const shown = narrowed(all, search.q ?? '')
  return (
    <>
      <FilterBar
        search={{
          label: 'Find a segment',
          placeholder: 'Name or what it says',
          text: search.q ?? '',
          onText: (q) => void navigate({ search: (old) => ({ ...old, q }), replace: true }),
        }}
      />
      {shown.length === 0 ? (
        <EmptyState icon="search" title="No segment fits">
          <p>No name and no definition has “{search.q}” in it.</p>
          <p>
            <Link to="/decide/segments" search={{}}>
              Show all of them
            </Link>
          </p>
        </EmptyState>
      ) : (
        <ul className={classes.lines} aria-label="Segments in use">
          {shown.map((segment) => (
            <SegmentLine key={segment.key} segment={segment} />
          ))}
        </ul>
      )}
      {mayChange && all.length < FEW && (
        <Section title="To begin with">
          <Templates taken={all.map(({ key }) => key)} />
        </Section>
      )}
      <Archived />
    </>
  )
}

function narrowed(all: Line[], q: string): Line[] {
  const wanted = q.trim().toLowerCase()
  return all.filter(({ name, words }) => `${name} ${words}`.toLowerCase().includes(wanted))
}

function NoSegments({ mayChange }: { mayChange: boolean }) {
  return (
    <>
      <EmptyState icon="users" title="Your segments will be listed here">
        <p>
          A segment is a kind of customer with a name, such as regulars who stopped ordering. Who is
          in it follows what customers do, at once and by itself. None is defined yet.
        </p>
        {mayChange && <p>Begin with one of these, or with an empty page.</p>}
      </EmptyState>
      {mayChange && <Templates taken={[]} />}
    </>
  )
}

/** Those out of use: they can be looked at and brought back. */
function Archived() {
  const archived = useQuery(archivedSegmentsQuery)
  const items = archived.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title="Out of use">
      <ul className={classes.lines} aria-label="Segments out of use">
        {items.map((segment) => (
          <SegmentLine key={segment.key} segment={segment} />
        ))}
      </ul>
    </Section>
  )
}
