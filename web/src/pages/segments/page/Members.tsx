// Who is in the segment, and since when?
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { segmentMembersQuery } from '@/api/segmentQueries'
import type { Member } from '@/api/segmentTypes'
import { ErrorState, Money, RelativeTime, Skeleton } from '@/kit'
import { counted } from '@/kit/number'
import { customerName, placeOf } from '@/pages/know/naming'
import classes from './page.module.css'

export function Members({ segmentKey }: { segmentKey: string }) {
  const members = useInfiniteQuery(segmentMembersQuery(segmentKey))
  if (members.isPending) return <Skeleton height={40} lines={6} />
  if (members.isError) {
    return (
      <ErrorState
        what="Its customers could not be read"
        error={members.error}
        onRetry={() => void members.refetch()}
      />
    )
  }
  const rows = members.data.pages.flatMap(({ items }) => items)
  const total = members.data.pages[0]?.total ?? 0
  if (rows.length === 0) {
    return (
      <p className="muted">
        Nobody is in it now. Whoever fulfils the definition appears here by themselves.
      </p>
    )
  }
  return (
    <>
      <ul className={classes.members} aria-label="Customers in this segment">
        {rows.map((row) => (
          <MemberRow key={row.id} row={row} />
        ))}
      </ul>
      {members.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={members.isFetchingNextPage}
            onClick={() => void members.fetchNextPage()}
          >
            Show more of the {counted(total, 'customer')}
          </Button>
        </div>
      )}
    </>
  )
}

function MemberRow({ row }: { row: Member }) {
  return (
    <li className={classes.member}>
      <span className={classes.who}>
        <Link to="/know/customers/$id" params={{ id: row.id }} preload={false}>
          <bdi>{customerName(row)}</bdi>
        </Link>
        <span className="muted small">
          <bdi>{row.email ?? placeOf(row) ?? 'not known by name'}</bdi>
        </span>
      </span>
      <span className={classes.money}>{row.revenue && <Money amount={row.revenue} />}</span>
      <span className="muted small">
        in it since <RelativeTime at={row.since} />
      </span>
    </li>
  )
}
