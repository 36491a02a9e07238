// What did alerts tell, the latest first?
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { firingsQuery } from '@/api/alertQueries'
import type { Firing } from '@/api/alertTypes'
import { ErrorState, Icon, RelativeTime, Skeleton } from '@/kit'
import { deliveryWords } from './alertWords'
import classes from './alerts.module.css'

interface FiringListProps {
  /** The alert that told it; all of them where nothing is said. */
  alert?: string
  /** Somebody follows a link to the metric. */
  onFollow?: () => void
}

export function FiringList({ alert, onFollow }: FiringListProps) {
  const firings = useInfiniteQuery(firingsQuery(alert))
  if (firings.isPending) return <Skeleton height={40} lines={3} />
  if (firings.isError) {
    return (
      <ErrorState
        what="What alerts told could not be read"
        error={firings.error}
        onRetry={() => void firings.refetch()}
      />
    )
  }
  const rows = firings.data.pages.flatMap((page) => page.firings)
  if (rows.length === 0) {
    return (
      <p className="muted">
        {alert
          ? 'It has not told anything yet.'
          : 'No alert has told anything yet. Alerts are made on the page of a metric.'}
      </p>
    )
  }
  return (
    <>
      <ul className={classes.firings} aria-label="What alerts told">
        {rows.map((firing) => (
          <Line key={firing.id} firing={firing} onFollow={onFollow} />
        ))}
      </ul>
      {firings.hasNextPage && (
        <div>
          <Button
            variant="default"
            size="xs"
            loading={firings.isFetchingNextPage}
            onClick={() => void firings.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </>
  )
}

function Line({ firing, onFollow }: { firing: Firing; onFollow?: () => void }) {
  const delivery = deliveryWords(firing)
  return (
    <li data-new={!firing.seen_by_me || undefined}>
      <Icon name="bell" size={14} />
      <div className={classes.what}>
        {onFollow ? (
          <Link to="/ask/metrics/$key" params={{ key: firing.metric }} onClick={onFollow}>
            {firing.words}
          </Link>
        ) : (
          <span>{firing.words}</span>
        )}
        <span className={classes.sub}>
          {!firing.seen_by_me && 'New, '}
          <RelativeTime at={firing.at} />
          {delivery && `. ${delivery}`}
        </span>
      </div>
    </li>
  )
}
