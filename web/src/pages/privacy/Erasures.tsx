// Who was erased, when and by whom, and will they stay erased?
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { erasuresQuery } from '@/api/privacyQueries'
import type { Erasure } from '@/api/privacyTypes'
import { EmptyState, ErrorState, RelativeTime, Section, Skeleton, Status } from '@/kit'
import { counted } from '@/kit/number'
import { CheckErased } from './CheckErased'
import { erasureStates, whyErased } from './erasureWords'
import { PrivacyFrame } from './PrivacyFrame'
import classes from './privacy.module.css'

export function Erasures() {
  return (
    <PrivacyFrame
      title="Erasures"
      lead="Customers who were deleted everywhere, with a certificate of what was deleted and how it was checked."
    >
      <List />
      <Section title="Was somebody erased?">
        <CheckErased />
      </Section>
    </PrivacyFrame>
  )
}

function List() {
  const erasures = useInfiniteQuery(erasuresQuery)
  const rows: Erasure[] = erasures.data?.pages.flatMap((page) => page.items) ?? []
  if (erasures.isPending) return <Skeleton height={56} lines={3} />
  if (erasures.isError) {
    return (
      <ErrorState
        what="The erasures could not be read"
        error={erasures.error}
        onRetry={() => void erasures.refetch()}
      />
    )
  }
  if (rows.length === 0) {
    return (
      <EmptyState icon="circle-check" title="Erasures will be listed here">
        Nobody was erased yet. It is done on the page of a customer (Privacy, Erase), or from a
        request that asks for it. <Link to="/know/customers">All customers</Link>
      </EmptyState>
    )
  }
  return (
    <>
      <ul className={classes.lines} aria-label="Erasures">
        {rows.map((erasure) => (
          <Line key={erasure.id} erasure={erasure} />
        ))}
      </ul>
      {erasures.hasNextPage && (
        <div>
          <Button
            variant="default"
            loading={erasures.isFetchingNextPage}
            onClick={() => void erasures.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </>
  )
}

function Line({ erasure }: { erasure: Erasure }) {
  const state = erasureStates[erasure.state]
  const { n_lifted, n } = erasure.tombstones
  return (
    <li className={classes.line}>
      <Link to="/privacy/erasures/$id" params={{ id: erasure.id }} className={classes.lineName}>
        Customer {erasure.customer_id}
      </Link>
      <span>{whyErased(erasure.reason)}</span>
      <span className={classes.lineEnd}>
        <Status tone={state.tone}>{state.words}</Status>
      </span>
      <span className={classes.sub}>
        {counted(erasure.n_identifiers, 'identifier')}, ordered{' '}
        <RelativeTime at={erasure.ordered_at} /> by <bdi>{erasure.ordered_by}</bdi>
        {n_lifted > 0 && n_lifted === n && ', may come back'}
      </span>
    </li>
  )
}
