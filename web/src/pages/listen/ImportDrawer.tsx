// Which rows of a file were rejected, and why?
import { Button, Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { importRejectsQuery } from '@/api/queries'
import type { Import } from '@/api/types'
import { useMay } from '@/app/useSession'
import { ErrorState, Section, Skeleton } from '@/kit'
import { bytes, countExact, counted } from '@/kit/number'
import { absolute, duration } from '@/kit/time'
import { GoOnButton, RejectsLink, StopButton } from './import/ImportOutcome'
import classes from './imports.module.css'

interface ImportDrawerProps {
  item: Import | undefined
  onClose: () => void
}

export function ImportDrawer({ item, onClose }: ImportDrawerProps) {
  return (
    <Drawer
      opened={item !== undefined}
      onClose={onClose}
      position="right"
      size={560}
      title={item?.file_name}
      closeButtonProps={{ 'aria-label': 'Close the import' }}
    >
      {item && (
        <div className={classes.drawer}>
          <Facts item={item} />
          <Actions item={item} />
          {item.n_rejected > 0 && <Rejects item={item} />}
        </div>
      )}
    </Drawer>
  )
}

/** What can be done about an import of an uploaded file. */
function Actions({ item }: { item: Import }) {
  const mayImport = useMay('run_imports')
  const canGoOn = item.state === 'stopped' || item.state === 'failed'
  if (!mayImport || (!item.runs_here && item.upload_id === null)) return null
  return (
    <div className={classes.actions}>
      {item.runs_here && <StopButton item={item} />}
      {canGoOn && item.upload_id && <GoOnButton item={item} uploadId={item.upload_id} />}
      <RejectsLink item={item} />
    </div>
  )
}

function Facts({ item }: { item: Import }) {
  const ended = item.finished_at ? Date.parse(item.finished_at) : null
  const facts: [term: string, value: string | null][] = [
    ['Mapping', item.mapping_name],
    ['Size', bytes(item.bytes_total)],
    ['Rows', countExact(item.n_rows_done)],
    ['Events', countExact(item.n_events)],
    ['Here already', countExact(item.n_duplicates)],
    ['Rejected', countExact(item.n_rejected)],
    ['Begun', absolute(new Date(item.started_at))],
    ['Took', ended ? duration(ended - Date.parse(item.started_at)) : null],
  ]
  return (
    <dl className={classes.facts}>
      {facts.map(([term, value]) =>
        value ? (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}

function Rejects({ item }: { item: Import }) {
  const rejects = useInfiniteQuery(importRejectsQuery(item.id))
  const rows = rejects.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Section title="Rejected rows" aside={counted(item.n_rejected, 'row')}>
      {rejects.isPending && <Skeleton height={20} lines={6} />}
      {rejects.isError && (
        <ErrorState
          what="The rejected rows could not be read"
          error={rejects.error}
          onRetry={() => void rejects.refetch()}
        />
      )}
      <ul className={classes.rejects}>
        {rows.map((reject, i) => (
          <li key={`${reject.row} ${i}`}>
            <span className={classes.row}>row {countExact(reject.row)}</span>
            <span>
              {reject.column && (
                <>
                  <code>{reject.column}</code>:{' '}
                </>
              )}
              {reject.reason}
            </span>
          </li>
        ))}
      </ul>
      {rejects.hasNextPage && (
        <Button
          variant="default"
          loading={rejects.isFetchingNextPage}
          onClick={() => void rejects.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Section>
  )
}
