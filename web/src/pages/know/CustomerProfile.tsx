// What do we know about this customer, and where does each fact come from?
import type { ReactNode } from 'react'
import type { Customer } from '@/api/types'
import { Section } from '@/kit'
import { counted } from '@/kit/number'
import { Decisions } from './decisions/Decisions'
import { WhoThen } from './decisions/WhoThen'
import { Accounts } from './profile/Accounts'
import { Agents } from './profile/Agents'
import { Consents } from './profile/Consents'
import { Holdings } from './profile/Holdings'
import { Identifiers } from './profile/Identifiers'
import { Messages } from './profile/Messages'
import { Orders } from './profile/Orders'
import classes from './profile/profile.module.css'
import { CustomerRelations } from './relations/CustomerRelations'
import { Traits } from './profile/Traits'

export function CustomerProfile({ customer }: { customer: Customer }) {
  const { traits, holdings, orders, n_orders_kept, messages, accounts, identifiers } = customer
  return (
    <div className={classes.profile}>
      <Section title="Traits" aside={some(traits.length, 'trait')}>
        <Traits customerId={customer.id} traits={traits} takenAway={customer.taken_away} />
      </Section>
      <Section title="Products held" aside={some(holdings.length, 'product')}>
        <Holdings holdings={holdings} />
      </Section>
      <Section title="Orders" aside={some(n_orders_kept, 'order')}>
        <Orders orders={orders} kept={n_orders_kept} />
      </Section>
      <Section title="Consent">
        <Consents consents={customer.consents} emailMarketing={customer.email_marketing} />
      </Section>
      <Section title="Messages">
        <Messages messages={messages} />
      </Section>
      <Section title="Relations">
        <CustomerRelations customerId={customer.id} />
      </Section>
      {accounts.length > 0 && (
        <Section title="Accounts">
          <Accounts accounts={accounts} />
        </Section>
      )}
      <Section title="Identifiers" aside={some(identifiers.length, 'identifier')}>
        <Identifiers customer={customer} />
      </Section>
      <Section title="Who we thought this was, when">
        <WhoThen customer={customer} />
      </Section>
      <Section title="Decisions">
        <Decisions customerId={customer.id} />
      </Section>
      {customer.agents.length > 0 && (
        <Section title="Devices">
          <Agents agents={customer.agents} />
        </Section>
      )}
    </div>
  )
}

function some(n: number, noun: string): ReactNode {
  return n > 0 ? counted(n, noun) : undefined
}
