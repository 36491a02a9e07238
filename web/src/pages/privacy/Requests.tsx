// Who asked for what, and until when must we have answered?
import { Button, Select } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { requestsQuery, requestSummaryQuery } from '@/api/privacyQueries'
import type { PrivacyRequest, RequestSummary } from '@/api/privacyTypes'
import { EmptyState, ErrorState, Skeleton } from '@/kit'
import { countExact, counted } from '@/kit/number'
import { NewRequestDrawer } from './NewRequest'
import { PrivacyFrame } from './PrivacyFrame'
import classes from './privacy.module.css'
import { RequestDrawer } from './RequestDrawer'
import { RequestLine } from './RequestLine'
import { requestKinds } from './requestWords'

const OPEN = 'open,in_progress'
const CLOSED = 'done,refused'

export function Requests() {
  const search = useSearch({ from: '/shell/privacy' })
  const navigate = useNavigate()
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '/privacy', search: { ...search, ...change }, replace: true })
  return (
    <PrivacyFrame
      title="Requests"
      lead="People may ask what you know of them, to be corrected or to be erased. The law gives you 30 days to answer."
      action={<Button onClick={() => set({ new: '1' })}>Enter a request</Button>}
    >
      <Summary />
      <div className={classes.filters}>
        <Select
          aria-label="Which requests"
          data={[
            { value: 'open', label: 'To be answered' },
            { value: 'closed', label: 'Answered or refused' },
          ]}
          value={search.show === 'closed' ? 'closed' : 'open'}
          onChange={(show) => set({ show: show === 'closed' ? 'closed' : undefined })}
        />
        <Select
          aria-label="What they want"
          data={[
            { value: '', label: 'Whatever they want' },
            ...Object.entries(requestKinds).map(([value, { label }]) => ({ value, label })),
          ]}
          value={search.kind ?? ''}
          onChange={(kind) => set({ kind: kind || undefined })}
        />
      </div>
      <List
        isClosed={search.show === 'closed'}
        kind={search.kind}
        onOpen={(open) => set({ open })}
      />
      <RequestDrawer id={search.open} onClose={() => set({ open: undefined })} />
      <NewRequestDrawer
        opened={search.new !== undefined}
        onClose={() => set({ new: undefined })}
        onMade={(open) => set({ new: undefined, show: undefined, open })}
      />
    </PrivacyFrame>
  )
}

function Summary() {
  const summary = useQuery(requestSummaryQuery)
  if (summary.isPending) return <Skeleton height={24} width="60%" />
  // The list below says what is wrong, if anything is.
  return summary.data ? <p className={classes.sentence}>{summaryWords(summary.data)}</p> : null
}

export function summaryWords({ n_open, n_overdue, n_due_soon }: RequestSummary): string {
  if (n_open === 0) return 'Nothing is waiting for an answer.'
  const open = `${counted(n_open, 'request')} ${n_open === 1 ? 'is' : 'are'} waiting for an answer`
  const late = n_overdue > 0 ? `${countExact(n_overdue)} overdue` : null
  const soon = n_due_soon > 0 ? `${countExact(n_due_soon)} due within 7 days` : null
  const urgent = [late, soon].filter(Boolean).join(', ')
  return urgent ? `${open}: ${urgent}.` : `${open}; none is urgent.`
}

interface ListProps {
  isClosed: boolean
  kind: string | undefined
  onOpen: (id: string) => void
}

function List({ isClosed, kind, onOpen }: ListProps) {
  const filter = { status: isClosed ? CLOSED : OPEN, kind }
  const requests = useInfiniteQuery(requestsQuery(filter))
  const rows: PrivacyRequest[] = requests.data?.pages.flatMap((page) => page.items) ?? []
  if (requests.isPending) return <Skeleton height={56} lines={4} />
  if (requests.isError) {
    return (
      <ErrorState
        what="The requests could not be read"
        error={requests.error}
        onRetry={() => void requests.refetch()}
      />
    )
  }
  if (rows.length === 0) {
    return (
      <EmptyState
        icon="mail"
        title={isClosed ? 'Answered requests will be listed here' : 'Nothing to answer'}
      >
        {isClosed
          ? 'No request of this kind was answered or refused yet.'
          : 'When somebody writes to you about their data, enter it here: the deadline is kept in view, and what was done is on record.'}
      </EmptyState>
    )
  }
  return (
    <>
      <ul className={classes.lines} aria-label="Requests">
        {rows.map((request) => (
          <RequestLine key={request.id} request={request} onOpen={() => onOpen(request.id)} />
        ))}
      </ul>
      {requests.hasNextPage && (
        <div>
          <Button
            variant="default"
            loading={requests.isFetchingNextPage}
            onClick={() => void requests.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </>
  )
}
