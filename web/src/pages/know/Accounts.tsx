// Which organisations are our customers part of?
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { AccountRow } from '@/api/types'
import { accountsQuery } from '@/api/queries'
import {
  DataTable,
  EmptyState,
  ErrorState,
  FilterBar,
  Page,
  PageHeader,
  RelativeTime,
  Skeleton,
  type Column,
} from '@/kit'
import { countExact, counted } from '@/kit/number'
import classes from './customers.module.css'

const columns: Column<AccountRow>[] = [
  {
    key: 'name',
    header: 'Account',
    width: 'minmax(200px, 2fr)',
    render: (row) => (
      <Link to="/know/accounts/$id" params={{ id: row.id }} tabIndex={-1}>
        <bdi>{row.name ?? row.key}</bdi>
      </Link>
    ),
  },
  { key: 'key', header: 'Key', width: 'minmax(140px, 1fr)', render: (row) => row.key },
  {
    key: 'n_members',
    header: 'Customers',
    width: '110px',
    align: 'end',
    render: (row) => countExact(row.n_members),
  },
  {
    key: 'first_seen',
    header: 'First seen',
    width: '128px',
    align: 'end',
    render: (row) => <RelativeTime at={row.first_seen} />,
  },
  {
    key: 'last_seen',
    header: 'Last seen',
    width: '128px',
    align: 'end',
    render: (row) => <RelativeTime at={row.last_seen} />,
  },
]

export function Accounts() {
  const { q } = useSearch({ from: '/shell/know/accounts' })
  const navigate = useNavigate()
  const accounts = useInfiniteQuery(accountsQuery(q ?? ''))
  const rows = accounts.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page width="fill">
      <PageHeader
        title="Accounts"
        lead="Organisations that customers belong to, from the group calls of your sources."
      />
      {(q || rows.length > 0) && <Search q={q ?? ''} />}
      {accounts.isPending && <Skeleton height={24} lines={8} />}
      {accounts.isError && rows.length === 0 && (
        <ErrorState
          what="The accounts could not be read"
          error={accounts.error}
          onRetry={() => void accounts.refetch()}
        />
      )}
      {accounts.isSuccess && rows.length === 0 && <NoAccounts q={q} />}
      {rows.length > 0 && (
        <DataTable<AccountRow>
          label="Accounts"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          phoneRow={(row) => <PhoneRow row={row} />}
          onOpen={(row) => void navigate({ to: '/know/accounts/$id', params: { id: row.id } })}
          hasMore={accounts.hasNextPage}
          loading={accounts.isFetchingNextPage}
          onMore={() => void accounts.fetchNextPage()}
        />
      )}
    </Page>
  )
}

function Search({ q }: { q: string }) {
  const navigate = useNavigate()
  return (
    <FilterBar
      search={{
        label: 'Search accounts',
        placeholder: 'Name or key',
        text: q,
        onText: (text) =>
          void navigate({ to: '/know/accounts', search: { q: text }, replace: true }),
      }}
    />
  )
}

function NoAccounts({ q }: { q: string | undefined }) {
  if (q) {
    return (
      <EmptyState icon="search" title={`No account is called “${q}”`}>
        <Link to="/know/accounts" search={{}} data-inline-link>
          Show all accounts
        </Link>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon="building-2" title="Accounts will be listed here">
      An account appears with the first group call, which says that a customer belongs to an
      organisation. None has come yet.
    </EmptyState>
  )
}

function PhoneRow({ row }: { row: AccountRow }) {
  return (
    <div className={classes.phone}>
      <Link to="/know/accounts/$id" params={{ id: row.id }} tabIndex={-1} className={classes.link}>
        <bdi>{row.name ?? row.key}</bdi>
      </Link>
      <span className={classes.phoneEnd}>{counted(row.n_members, 'customer')}</span>
      <span className={classes.phoneSub} style={{ padding: 0 }}>
        {row.key}
      </span>
      <span className={classes.phoneSub} data-end>
        <RelativeTime at={row.last_seen} />
      </span>
    </div>
  )
}
