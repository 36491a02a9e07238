// What was deleted lately, and can come back?
import { Button } from '@mantine/core'
import { RelativeTime } from './RelativeTime'
import { dateOnly } from './time'
import classes from './RecentlyDeleted.module.css'

interface DeletedThing {
  id: string
  name: string
  deleted_at: string
  deleted_by: string
  /** Then it is gone for good. */
  until: string
}

interface RecentlyDeletedProps {
  items: DeletedThing[]
  /** The one that is on its way back. */
  busyId?: string
  onRestore: (item: DeletedThing) => void
}

export function RecentlyDeleted({ items, busyId, onRestore }: RecentlyDeletedProps) {
  if (items.length === 0) return null
  return (
    <details className={classes.deleted}>
      <summary>Recently deleted ({items.length})</summary>
      <ul className={classes.lines} aria-label="Recently deleted">
        {items.map((item) => (
          <li key={item.id} className={classes.line}>
            <span className={classes.words}>
              <bdi className={classes.name}>{item.name}</bdi>
              <span className={classes.sub}>
                deleted <RelativeTime at={item.deleted_at} /> by <bdi>{item.deleted_by}</bdi>; kept
                until {dateOnly(new Date(item.until))}
              </span>
            </span>
            <Button
              variant="default"
              size="xs"
              aria-label={`Bring back ${item.name}`}
              loading={busyId === item.id}
              onClick={() => onRestore(item)}
            >
              Bring back
            </Button>
          </li>
        ))}
      </ul>
    </details>
  )
}
