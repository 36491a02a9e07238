// Who changed what, and when?
import { useInfiniteQuery } from '@tanstack/react-query'
import { auditQuery } from '@/api/queries'
import type { AuditEntry } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import {
  DataTable,
  EmptyState,
  ErrorState,
  Notice,
  Page,
  PageHeader,
  RelativeTime,
  Skeleton,
  Tag,
  type Column,
} from '@/kit'
import classes from './settings.module.css'

const columns: Column<AuditEntry>[] = [
  { key: 'at', header: 'When', width: '128px', render: (entry) => <RelativeTime at={entry.at} /> },
  {
    key: 'actor',
    header: 'Who',
    width: 'minmax(200px, 1.4fr)',
    render: (entry) => (
      <span className={classes.actor}>
        <span className={classes.actorName} title={entry.actor.name}>
          {entry.actor.name}
        </span>
        <Tag>{entry.actor.kind}</Tag>
      </span>
    ),
  },
  {
    key: 'action',
    header: 'What',
    width: 'minmax(160px, 1fr)',
    render: (entry) => actionWords(entry.action),
  },
  { key: 'target', header: 'On', width: 'minmax(120px, 1fr)', render: (entry) => entry.target },
  {
    key: 'detail',
    header: 'Detail',
    width: 'minmax(160px, 2fr)',
    render: (entry) => <span title={entry.detail}>{entry.detail}</span>,
  },
]

/** "source.rotate_key" reads as "source: rotate key". */
function actionWords(action: string): string {
  return action.replace('.', ': ').replaceAll('_', ' ')
}

export function Audit() {
  const mayView = useMay('view_audit')
  return (
    <Page width="fill">
      <PageHeader
        title="Audit log"
        lead="Every change of this installation, who made it and when."
      />
      {mayView ? <List /> : <Notice tone="info">{whyNot('view_audit')}</Notice>}
    </Page>
  )
}

function List() {
  const audit = useInfiniteQuery(auditQuery)
  const rows = audit.data?.pages.flatMap((page) => page.items) ?? []
  const keys = new Map(rows.map((row, i) => [row, `${row.at} ${i}`]))
  if (audit.isPending) return <Skeleton height={24} lines={10} />
  if (audit.isError && rows.length === 0) {
    return (
      <ErrorState
        what="The audit log could not be read"
        error={audit.error}
        onRetry={() => void audit.refetch()}
      />
    )
  }
  if (rows.length === 0) {
    return <EmptyState icon="scroll-text" title="Changes will be listed here" />
  }
  return (
    <DataTable<AuditEntry>
      label="Changes, newest first"
      columns={columns}
      rows={rows}
      rowKey={(row) => keys.get(row) ?? row.at}
      phoneRow={(row) => <PhoneRow row={row} />}
      hasMore={audit.hasNextPage}
      loading={audit.isFetchingNextPage}
      onMore={() => void audit.fetchNextPage()}
    />
  )
}

function PhoneRow({ row }: { row: AuditEntry }) {
  return (
    <div className={classes.phone}>
      <span>
        {actionWords(row.action)} {row.target}
      </span>
      <span className={classes.sub}>
        {row.actor.name}, <RelativeTime at={row.at} />
      </span>
    </div>
  )
}
