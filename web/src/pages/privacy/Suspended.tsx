// With which customers is nothing done at present, and why?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { suspensionsQuery } from '@/api/privacyQueries'
import type { Suspension } from '@/api/privacyTypes'
import { EmptyState, ErrorState, RelativeTime, Skeleton } from '@/kit'
import { useResume } from './customer/useSuspend'
import { PrivacyFrame } from './PrivacyFrame'
import classes from './privacy.module.css'

export function Suspended() {
  return (
    <PrivacyFrame
      title="Suspended"
      lead="Customers with whom nothing is done until something is clarified. What is known of them is kept."
    >
      <List />
    </PrivacyFrame>
  )
}

function List() {
  const suspensions = useQuery(suspensionsQuery)
  if (suspensions.isPending) return <Skeleton height={56} lines={3} />
  if (suspensions.isError) {
    return (
      <ErrorState
        what="The suspended customers could not be read"
        error={suspensions.error}
        onRetry={() => void suspensions.refetch()}
      />
    )
  }
  const { items } = suspensions.data
  if (items.length === 0) {
    return (
      <EmptyState icon="pause" title="Suspended customers will be listed here">
        Nobody is suspended. It is done on the page of a customer (Privacy, Suspend), or from a
        request that asks for it. <Link to="/know/customers">All customers</Link>
      </EmptyState>
    )
  }
  return (
    <ul className={classes.lines} aria-label="Suspended customers">
      {items.map((item) => (
        <Line key={item.customer_id} item={item} />
      ))}
    </ul>
  )
}

function Line({ item }: { item: Suspension }) {
  const resume = useResume(item.customer_id)
  const name = item.customer_name ?? item.customer_id
  return (
    <li className={classes.line}>
      <Link to="/know/customers/$id" params={{ id: item.customer_id }} className={classes.lineName}>
        <bdi>{name}</bdi>
      </Link>
      <span>
        <bdi>{item.reason}</bdi>
      </span>
      <span className={classes.lineEnd}>
        <Button
          variant="default"
          aria-label={`Resume ${name}`}
          loading={resume.isPending}
          onClick={() => resume.mutate()}
        >
          Resume
        </Button>
      </span>
      <span className={classes.sub}>
        since <RelativeTime at={item.since} />, by <bdi>{item.by}</bdi>
        {item.request_id && (
          <>
            ,{' '}
            <Link to="/privacy" search={{ open: item.request_id }}>
              {item.request_id}
            </Link>
          </>
        )}
      </span>
    </li>
  )
}
