// Who are our customers, and how do I find one of them?
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { CustomerPage, CustomerRow } from '@/api/types'
import { customersQuery } from '@/api/queries'
import {
  ColumnChoice,
  DataTable,
  EmptyState,
  ErrorState,
  nextSort,
  Page,
  PageHeader,
  shownColumns,
  Skeleton,
  useNarrow,
} from '@/kit'
import { countExact, countShort } from '@/kit/number'
import { CustomerFilters } from './CustomerFilters'
import { customerColumns, CustomerPhoneRow } from './customerColumns'
import { chosenColumns, queryOf, type CustomersSearch, isFiltered, sortOf } from './customersSearch'

export function Customers() {
  const search = useSearch({ from: '/shell/know/customers' })
  const navigate = useNavigate()
  const query = queryOf(search)
  const customers = useInfiniteQuery(customersQuery(query))
  const rows = customers.data?.pages.flatMap((page) => page.items) ?? []
  const first = customers.data?.pages[0]
  const chosen = chosenColumns(search)
  const narrow = useNarrow()
  const set = (change: CustomersSearch) =>
    void navigate({
      to: '/know/customers',
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    })

  return (
    <Page width="fill">
      <PageHeader title="Customers" lead={<Lead page={first} filtered={isFiltered(search)} />} />
      <CustomerFilters
        search={search}
        set={set}
        aside={
          narrow ? undefined : (
            <ColumnChoice
              columns={customerColumns}
              chosen={chosen}
              onChoose={(keys) => set({ columns: keys?.join(',') })}
            />
          )
        }
      />
      {customers.isError && rows.length === 0 && (
        <ErrorState
          what="The customers could not be read"
          error={customers.error}
          onRetry={() => void customers.refetch()}
        />
      )}
      {customers.isPending && <Skeleton height={24} lines={12} />}
      {customers.isSuccess && rows.length === 0 && <NoCustomers search={search} />}
      {rows.length > 0 && (
        <DataTable<CustomerRow>
          label="Customers"
          columns={shownColumns(customerColumns, chosen)}
          rows={rows}
          rowKey={(row) => row.id}
          phoneRow={(row) => <CustomerPhoneRow row={row} />}
          onOpen={(row) => void navigate({ to: '/know/customers/$id', params: { id: row.id } })}
          sort={sortOf(search)}
          onSort={(key) => {
            const { key: sort, order } = nextSort(sortOf(search), key)
            set({ sort, order })
          }}
          total={first?.total ?? null}
          hasMore={customers.hasNextPage}
          loading={customers.isFetchingNextPage}
          onMore={() => void customers.fetchNextPage()}
        />
      )}
    </Page>
  )
}

function Lead({ page, filtered }: { page: CustomerPage | undefined; filtered: boolean }) {
  if (!page) return 'Everybody who was seen, known by name or not yet.'
  if (page.total === 0) return filtered ? 'Nobody fits.' : 'Nobody was seen yet.'
  const n = page.total_is_exact ? countExact(page.total) : `about ${countShort(page.total)}`
  const noun = page.total === 1 ? 'customer' : 'customers'
  return filtered
    ? `${n} ${noun} ${page.total === 1 ? 'fits' : 'fit'} what you asked for.`
    : `${n} ${noun}, known by name or not yet.`
}

function NoCustomers({ search }: { search: CustomersSearch }) {
  if (isFiltered(search)) {
    return (
      <EmptyState icon="search" title="Nobody fits">
        <p>
          {search.q
            ? `No identifier and no name begins with “${search.q}”.`
            : 'No customer fits all of these filters.'}
        </p>
        <p>
          <Link to="/know/customers" search={{}}>
            Show everybody
          </Link>
        </p>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon="users" title="Your customers will be listed here">
      <p>
        A customer appears with the first event that carries an identifier: a visit to your site, an
        order, an imported row. None has come yet.
      </p>
      <p>
        <Link to="/listen/sources">Connect a source</Link> or{' '}
        <Link to="/listen/imports">import a file</Link>.
      </p>
    </EmptyState>
  )
}
