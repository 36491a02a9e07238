// What arrives right now, and what became of it?
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { debuggerQuery, sourcesQuery } from '@/api/queries'
import type { DebugEvent, DebuggerQuery } from '@/api/types'
import { eventKinds, eventStatuses, oneOf } from '@/api/words'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { DataTable, EmptyState, ErrorState, Notice, Page, PageHeader, Skeleton } from '@/kit'
import { counted } from '@/kit/number'
import { debugColumns, DebugPhoneRow } from './debugColumns'
import { DebugDrawer } from './DebugDrawer'
import { DebugFilters, type DebugSearch } from './DebugFilters'
import { LiveSwitch } from './LiveSwitch'
import { useDebugStream } from './useDebugStream'

export function Debugger() {
  const search = useSearch({ from: '/shell/listen/debugger' })
  const mayView = useMay('view_events')
  const navigate = useNavigate()
  const sources = useQuery(sourcesQuery)
  const set = (change: DebugSearch & { open?: string }) =>
    void navigate({
      to: '/listen/debugger',
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    })

  return (
    <Page width="fill">
      <PageHeader
        title="Debugger"
        lead="Every event of the last days as it was sent and as it was understood, refused ones with the reason."
      />
      {mayView ? (
        <>
          <Feed search={search} set={set} sources={sources.data?.items ?? []} />
          <DebugDrawer seq={search.open} onClose={() => set({ open: undefined })} />
        </>
      ) : (
        <Notice tone="info">{whyNot('view_events')}</Notice>
      )}
    </Page>
  )
}

interface FeedProps {
  search: DebugSearch & { open?: string }
  set: (change: DebugSearch & { open?: string }) => void
  sources: { id: string; name: string }[]
}

function queryOf({ source, kind, status, text }: DebugSearch): DebuggerQuery {
  return { source, kind: oneOf(eventKinds, kind), status: oneOf(eventStatuses, status), text }
}

function Feed({ search, set, sources }: FeedProps) {
  const query = queryOf(search)
  const past = useInfiniteQuery(debuggerQuery(query))
  const stream = useDebugStream(query, () => void past.refetch())
  const known = new Set<string>()
  const rows = [...stream.events, ...(past.data?.pages.flatMap((page) => page.items) ?? [])].filter(
    (event) => !known.has(event.seq) && known.add(event.seq),
  )
  const isFiltered = Boolean(query.source || query.kind || query.status || query.text)

  return (
    <>
      <DebugFilters
        search={search}
        set={set}
        sources={sources}
        aside={<LiveSwitch stream={stream} />}
      />
      {stream.skipped > 0 && (
        <Notice tone="info">
          {counted(stream.skipped, 'event')} came too fast to show; filter to see fewer. None is
          lost.
        </Notice>
      )}
      {past.isError && rows.length === 0 && (
        <ErrorState
          what="The events could not be read"
          error={past.error}
          onRetry={() => void past.refetch()}
        />
      )}
      {past.isPending && <Skeleton height={24} lines={10} />}
      {past.isSuccess && rows.length === 0 && <NoEvents isFiltered={isFiltered} set={set} />}
      {rows.length > 0 && (
        <DataTable<DebugEvent>
          label="Events, newest first"
          columns={debugColumns}
          rows={rows}
          rowKey={(event) => event.seq}
          phoneRow={(event) => <DebugPhoneRow event={event} />}
          onOpen={(event) => set({ open: event.seq })}
          openKey={search.open}
          hasMore={past.hasNextPage}
          loading={past.isFetchingNextPage}
          onMore={() => void past.fetchNextPage()}
          total={past.hasNextPage ? -2 : rows.length}
        />
      )}
    </>
  )
}

function NoEvents({ isFiltered, set }: { isFiltered: boolean; set: FeedProps['set'] }) {
  if (isFiltered) {
    return (
      <EmptyState icon="filter" title="No event fits these filters">
        New ones that fit will appear here by themselves.{' '}
        <button
          type="button"
          data-inline-link
          style={{ border: 0, padding: 0, background: 'none', color: 'var(--accent)' }}
          onClick={() =>
            set({ source: undefined, kind: undefined, status: undefined, text: undefined })
          }
        >
          Take the filters away
        </button>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon="radio" title="Events will appear here as they arrive">
      Nothing has come in yet. Open a source to copy a snippet that sends the first one.
    </EmptyState>
  )
}
