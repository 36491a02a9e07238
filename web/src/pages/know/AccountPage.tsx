// Which organisation is this, and who of it do we know?
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { Account } from '@/api/types'
import { accountQuery } from '@/api/queries'
import { isNotFound } from '@/api/client'
import { EmptyState, ErrorState, Page, PageHeader, RelativeTime, Section, Skeleton } from '@/kit'
import { countExact, counted } from '@/kit/number'
import { dateOnly } from '@/kit/time'
import own from './account/account.module.css'
import { AccountOrders } from './account/AccountOrders'
import { Domains } from './account/Domains'
import { Members } from './account/Members'
import { Suggested } from './account/Suggested'
import classes from './customer.module.css'
import { AccountTraits } from './profile/AccountTraits'

export function AccountPage() {
  const { id } = useParams({ from: '/shell/know/accounts/$id' })
  const account = useQuery(accountQuery(id))
  if (account.isPending) {
    return (
      <Page>
        <Skeleton height={28} width={280} />
        <Skeleton height={24} lines={6} />
      </Page>
    )
  }
  if (account.isError) {
    return (
      <Page>
        {isNotFound(account.error) ? (
          <EmptyState asPage icon="search" title="There is no such account">
            The link may be cut off. <Link to="/know/accounts">All accounts</Link>
          </EmptyState>
        ) : (
          <ErrorState
            asPage
            what="The account could not be read"
            error={account.error}
            onRetry={() => void account.refetch()}
          />
        )}
      </Page>
    )
  }
  return <Found account={account.data} />
}

function Found({ account }: { account: Account }) {
  const name = account.name ?? account.key
  return (
    <Page>
      <PageHeader
        above={
          <Link to="/know/accounts" className={classes.back}>
            Accounts
          </Link>
        }
        title={name}
        lead={
          <>
            {counted(account.n_members, 'customer')}, first seen{' '}
            {dateOnly(new Date(account.first_seen))}, last seen{' '}
            <RelativeTime at={account.last_seen} />. Key <code>{account.key}</code>.
          </>
        }
      />
      <div className={classes.columns}>
        <div className={own.side}>
          <Section title="Customers" aside={shownOf(account)}>
            <Members account={account} />
          </Section>
          <Section title="Orders">
            <AccountOrders account={account} />
          </Section>
        </div>
        <div className={own.side}>
          <Section title="Suggested members">
            <Suggested account={account} />
          </Section>
          <Section title="Domains">
            <Domains account={account} />
          </Section>
          <Section title="Traits">
            <AccountTraits traits={account.traits} />
          </Section>
        </div>
      </div>
    </Page>
  )
}

function shownOf({ members, n_members }: Account): string | undefined {
  if (members.length >= n_members) return undefined
  return `${countExact(members.length)} of ${countExact(n_members)} shown`
}
