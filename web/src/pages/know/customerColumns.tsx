// What does the list of customers show of each?
import { Link } from '@tanstack/react-router'
import type { CustomerRow } from '@/api/types'
import { countryName, Icon, Money, RelativeTime, type Column } from '@/kit'
import { identifierWord } from '@/kit/IdentifierChip'
import { counted, countExact } from '@/kit/number'
import classes from './customers.module.css'
import { customerName, placeOf } from './naming'

export const customerColumns: Column<CustomerRow>[] = [
  {
    key: 'name',
    header: 'Customer',
    width: 'minmax(200px, 1.6fr)',
    sortable: true,
    always: true,
    render: (row) => <Name row={row} />,
  },
  {
    key: 'email',
    header: 'E-mail',
    width: 'minmax(180px, 1.4fr)',
    render: (row) => row.email && <bdi title={row.email}>{row.email}</bdi>,
  },
  { key: 'phone', header: 'Phone', width: '150px', optional: true, render: (row) => row.phone },
  {
    key: 'country',
    header: 'Country',
    width: '132px',
    render: (row) => row.country && countryName(row.country),
  },
  { key: 'city', header: 'City', width: '120px', optional: true, render: (row) => row.city },
  {
    key: 'company',
    header: 'Company',
    width: 'minmax(140px, 1fr)',
    optional: true,
    render: (row) => row.company,
  },
  {
    key: 'n_orders',
    header: 'Orders',
    width: '84px',
    align: 'end',
    sortable: true,
    render: (row) => (row.n_orders > 0 ? countExact(row.n_orders) : <None />),
  },
  {
    key: 'revenue',
    header: 'Revenue',
    width: '156px',
    align: 'end',
    sortable: true,
    render: (row) => (row.revenue ? <Money amount={row.revenue} /> : <None />),
  },
  {
    key: 'n_events',
    header: 'Events',
    width: '88px',
    align: 'end',
    sortable: true,
    render: (row) => countExact(row.n_events),
  },
  {
    key: 'first_seen',
    header: 'First seen',
    width: '116px',
    align: 'end',
    sortable: true,
    optional: true,
    render: (row) => <RelativeTime at={row.first_seen} />,
  },
  {
    key: 'last_seen',
    header: 'Last seen',
    width: '116px',
    align: 'end',
    sortable: true,
    render: (row) => <RelativeTime at={row.last_seen} />,
  },
]

function None() {
  return <span className={classes.none}>none</span>
}

function Name({ row }: { row: CustomerRow }) {
  return (
    <span className={classes.name}>
      <Icon
        name={row.is_known ? 'user' : 'cookie'}
        size={14}
        label={row.is_known ? 'known' : 'anonymous'}
        className={classes.kind}
      />
      <Link
        to="/know/customers/$id"
        params={{ id: row.id }}
        tabIndex={-1}
        preload={false}
        data-anonymous={!row.is_known || undefined}
        className={classes.link}
      >
        <bdi>{customerName(row)}</bdi>
      </Link>
      {row.matched && <Matched row={row} />}
    </span>
  )
}

/** Which identifier the search hit, when the row does not show it anyway. */
function Matched({ row }: { row: CustomerRow }) {
  const { matched } = row
  if (!matched || [row.email, row.name, row.phone].includes(matched.value)) return null
  return (
    <span className={classes.matched}>
      {identifierWord(matched.kind)} <bdi>{matched.value}</bdi>
    </span>
  )
}

export function CustomerPhoneRow({ row }: { row: CustomerRow }) {
  const second = row.matched?.value ?? (row.name ? row.email : null) ?? placeOf(row)
  return (
    <div className={classes.phone}>
      <Name row={{ ...row, matched: null }} />
      <span className={classes.phoneEnd}>{row.revenue && <Money amount={row.revenue} />}</span>
      <span className={classes.phoneSub}>
        <bdi>{second ?? counted(row.n_events, 'event')}</bdi>
      </span>
      <span className={classes.phoneSub} data-end>
        <RelativeTime at={row.last_seen} />
      </span>
    </div>
  )
}
