// Who are the customers behind a point?
import { Button, Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { behindQuery } from '@/api/insightQueries'
import type { StoredQuestion } from '@/api/insightTypes'
import type { CustomerRow } from '@/api/types'
import { ErrorState, RelativeTime, Skeleton } from '@/kit'
import type { Picked } from '@/kit/chart'
import { counted, countExact } from '@/kit/number'
import { customerName, customerSubtitle } from '@/pages/know/naming'
import classes from '../insights.module.css'

interface BehindDrawerProps {
  asked: StoredQuestion
  picked: Picked | null
  onClose: () => void
}

export function BehindDrawer({ asked, picked, onClose }: BehindDrawerProps) {
  return (
    <Drawer
      opened={picked !== null}
      onClose={onClose}
      position="right"
      size={440}
      title={picked?.label ?? ''}
      closeButtonProps={{ 'aria-label': 'Close the list of customers' }}
    >
      {picked && <Behind key={JSON.stringify(picked.place)} asked={asked} picked={picked} />}
    </Drawer>
  )
}

const FIRST = 50
const MOST = 500

function Behind({ asked, picked }: { asked: StoredQuestion; picked: Picked }) {
  const [limit, setLimit] = useState(FIRST)
  const behind = useQuery(behindQuery(asked, picked.place, limit))
  if (behind.isError) {
    return (
      <ErrorState
        what="These customers could not be listed"
        error={behind.error}
        onRetry={() => void behind.refetch()}
      />
    )
  }
  if (!behind.data) return <Skeleton height={40} lines={6} />
  const { n, items } = behind.data
  return (
    <>
      <p className="muted">
        {items.length < n
          ? `${counted(n, 'customer')}; the first ${countExact(items.length)} are shown.`
          : `${counted(n, 'customer')}.`}
      </p>
      <ul className={classes.behindList} aria-label="Customers behind this number">
        {items.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      {items.length < Math.min(n, MOST) && (
        <Button
          className={classes.behindMore}
          variant="default"
          loading={behind.isFetching}
          onClick={() => setLimit(MOST)}
        >
          Show {n > MOST ? `the first ${MOST}` : 'all of them'}
        </Button>
      )}
    </>
  )
}

function Row({ row }: { row: CustomerRow }) {
  const below = customerSubtitle(row)
  return (
    <li className={classes.behindRow}>
      <div className={classes.behindWho}>
        <Link to="/know/customers/$id" params={{ id: row.id }}>
          <bdi>{customerName(row)}</bdi>
        </Link>
        {below && <div className="muted small">{below}</div>}
      </div>
      <div className="muted small">
        seen <RelativeTime at={row.last_seen} />
      </div>
    </li>
  )
}
