// Who is this, what should I know now, and what is the story so far?
import { Tabs } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Navigate, useParams } from '@tanstack/react-router'
import type { Customer } from '@/api/types'
import { customerQuery } from '@/api/queries'
import { isNotFound } from '@/api/client'
import { EmptyState, ErrorState, Page, Skeleton, useNarrow } from '@/kit'
import { SuspensionNotice } from '../privacy/customer/SuspensionNotice'
import { CustomerHead } from './CustomerHead'
import classes from './customer.module.css'
import { CustomerProfile } from './CustomerProfile'
import { CustomerStory } from './CustomerStory'
import { PossibleDuplicates } from './review/PossibleDuplicates'

export function CustomerPage() {
  const { id } = useParams({ from: '/shell/know/customers/$id' })
  const customer = useQuery(customerQuery(id))

  if (customer.isPending) return <CustomerSkeleton />
  if (customer.isError) {
    return (
      <Page>
        {isNotFound(customer.error) ? (
          <EmptyState asPage icon="search" title="There is no such customer">
            They may have been erased, or the link is cut off.{' '}
            <Link to="/know/customers">All customers</Link>
          </EmptyState>
        ) : (
          <ErrorState
            asPage
            what="The customer could not be read"
            error={customer.error}
            onRetry={() => void customer.refetch()}
          />
        )}
      </Page>
    )
  }
  // Merged into another one: the address follows, so that a link stays good.
  if (customer.data.canonical_id !== id) {
    return <Navigate to="/know/customers/$id" params={{ id: customer.data.canonical_id }} replace />
  }
  return <Found key={id} customer={customer.data} />
}

function Found({ customer }: { customer: Customer }) {
  const narrow = useNarrow()
  const client = useQueryClient()
  const refresh = () =>
    void client.invalidateQueries({ queryKey: customerQuery(customer.id).queryKey, exact: true })
  // Told anew when somebody is parted: what came in live may be another customer's then.
  const who = customer.identifiers.map((identifier) => identifier.id).join(' ')
  const story = <CustomerStory key={who} customer={customer} onProfileChanged={refresh} />
  const profile = <CustomerProfile customer={customer} />

  return (
    <Page>
      <CustomerHead customer={customer} />
      <SuspensionNotice customer={customer} />
      <PossibleDuplicates customerId={customer.id} />
      {narrow ? (
        <Tabs defaultValue="story">
          <Tabs.List className={classes.tabs}>
            <Tabs.Tab value="story">Story</Tabs.Tab>
            <Tabs.Tab value="profile">Profile</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="story">{story}</Tabs.Panel>
          <Tabs.Panel value="profile">{profile}</Tabs.Panel>
        </Tabs>
      ) : (
        <div className={classes.columns}>
          <div>{story}</div>
          <div>{profile}</div>
        </div>
      )}
    </Page>
  )
}

function CustomerSkeleton() {
  return (
    <Page>
      <Skeleton height={36} width={280} />
      <Skeleton height={44} width="60%" />
      <div className={classes.columns}>
        <Skeleton height={28} lines={10} />
        <Skeleton height={20} lines={12} />
      </div>
    </Page>
  )
}
