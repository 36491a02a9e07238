// Who makes others buy, and how sure is that?
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Select } from '@mantine/core'
import { influencersQuery } from '@/api/relationQueries'
import type { Influencer } from '@/api/types'
import {
  DataTable,
  EmptyState,
  ErrorState,
  Notice,
  Page,
  PageHeader,
  RelativeTime,
  Skeleton,
  type Column,
} from '@/kit'
import { countExact, counted, measure } from '@/kit/number'
import table from '../customers.module.css'
import { customerName } from '../naming'
import { signed } from './influenceWords'
import classes from './relations.module.css'

const windows = ['30', '90', '180']
const columns: Column<Influencer>[] = [
  {
    key: 'customer',
    header: 'Customer',
    width: 'minmax(180px, 2fr)',
    render: ({ customer }) => (
      <Link to="/know/customers/$id" params={{ id: customer.id }} tabIndex={-1}>
        <bdi>{customerName(customer)}</bdi>
      </Link>
    ),
  },
  {
    key: 'extra',
    header: 'More people ordered',
    width: '170px',
    align: 'end',
    render: ({ estimate }) => signed(estimate.extra),
  },
  {
    key: 'interval',
    header: '95 % interval',
    width: '150px',
    align: 'end',
    render: ({ estimate }) => `${signed(estimate.low)} to ${signed(estimate.high)}`,
  },
  {
    key: 'ordered',
    header: 'Ordered',
    width: '130px',
    align: 'end',
    render: ({ estimate }) => `${countExact(estimate.n_ordered)} of ${countExact(estimate.n)}`,
  },
  {
    key: 'expected',
    header: 'Anyway',
    width: '110px',
    align: 'end',
    render: ({ estimate }) => measure(estimate.expected),
  },
]

export function Influencers() {
  const { days } = useSearch({ from: '/shell/know/influence' })
  const navigate = useNavigate()
  const window = windows.includes(days ?? '') ? days! : '30'
  const found = useQuery(influencersQuery(Number(window)))
  return (
    <Page width="fill">
      <PageHeader
        title="Who makes others buy?"
        lead="Customers who referred or mentioned others: how many of those ordered beyond the people who would have ordered anyway. By the lower end of the interval, since of many customers some score high by chance."
      />
      <div className={classes.window}>
        <Select
          label="How long an order counts"
          value={window}
          data={windows.map((value) => ({ value, label: `${value} days` }))}
          allowDeselect={false}
          onChange={(value) =>
            void navigate({ to: '/know/influence', search: { days: value! }, replace: true })
          }
        />
      </div>
      {found.isPending && <Skeleton height={24} lines={8} />}
      {found.isError && (
        <ErrorState
          what="The influence could not be computed"
          error={found.error}
          onRetry={() => void found.refetch()}
        />
      )}
      {found.data && found.data.items.length === 0 && (
        <EmptyState icon="users" title="Influence will be listed here">
          {found.data.n_too_few > 0
            ? `${counted(found.data.n_too_few, 'customer')} referred or mentioned somebody, but nobody reached 5 people with whom a comparison is possible.`
            : 'Nobody referred or mentioned anybody yet. Send a referral code with sign-ups (“referral_code”), or “Mentioned” events.'}
        </EmptyState>
      )}
      {found.data && found.data.items.length > 0 && (
        <>
          {found.data.is_partial && (
            <Notice tone="warn">
              There are more than 200,000 statements about relations; the first of them are counted.
            </Notice>
          )}
          <p className={classes.basis}>
            Compared with {counted(found.data.n_group, 'known customer')}, as of{' '}
            <RelativeTime at={found.data.freshness_at} />.{' '}
            {counted(found.data.n_too_few, 'customer')} reached too few people for a number. What it
            rests on, and how each person counted, is on the customer’s page.
          </p>
          <DataTable<Influencer>
            label="Influence"
            columns={columns}
            rows={found.data.items}
            rowKey={({ customer }) => customer.id}
            phoneRow={(row) => <PhoneRow row={row} />}
            onOpen={({ customer }) =>
              void navigate({ to: '/know/customers/$id', params: { id: customer.id } })
            }
          />
        </>
      )}
    </Page>
  )
}

function PhoneRow({ row: { customer, estimate } }: { row: Influencer }) {
  return (
    <div className={table.phone}>
      <Link
        to="/know/customers/$id"
        params={{ id: customer.id }}
        tabIndex={-1}
        className={table.link}
      >
        <bdi>{customerName(customer)}</bdi>
      </Link>
      <span className={table.phoneEnd}>{signed(estimate.extra)} people</span>
      <span className={table.phoneSub} style={{ padding: 0 }}>
        {countExact(estimate.n_ordered)} of {countExact(estimate.n)} ordered
      </span>
      <span className={table.phoneSub} data-end>
        {signed(estimate.low)} to {signed(estimate.high)}
      </span>
    </div>
  )
}
