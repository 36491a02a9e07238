// Which few numbers tell how much came in, and from how many people?
import type { Home } from '@/api/types'
import { Figure, FigureRow } from '@/kit'
import { countExact, counted, countShort, share } from '@/kit/number'
import { money } from '@/kit/money'

export function HomeFigures({ home }: { home: Home }) {
  const { events, customers, freshness_at: freshness } = home
  const all = customers.known + customers.anonymous
  return (
    <FigureRow>
      <Figure
        label="Events, last 24 hours"
        value={countShort(events.last_24h)}
        exact={countExact(events.last_24h)}
        explain={{
          definition:
            'Events that were accepted: understood, not a repetition of one that came before, and written to disk.',
          n: counted(events.last_24h, 'event'),
          window: 'the 24 hours until now, by the time of arrival',
          freshness,
          leftOut: 'Refused events and duplicates; the debugger has them.',
        }}
      />
      <Figure
        label="Events, last 7 days"
        value={countShort(events.last_7d)}
        exact={countExact(events.last_7d)}
        explain={{
          definition: 'Accepted events of the last seven days, all sources together.',
          n: counted(events.last_7d, 'event'),
          window: 'the 168 hours until now, by the time of arrival',
          freshness,
          leftOut: 'Refused events and duplicates.',
        }}
      />
      <Figure
        label="Known customers"
        value={countShort(customers.known)}
        exact={countExact(customers.known)}
        note={`${share(customers.known, all)} of ${countShort(all)} seen`}
        explain={{
          definition:
            'Customers with at least one identifier that names a person: a user id, an e-mail address, a phone number or an id from another system.',
          n: `${countExact(all)} customers, known and anonymous`,
          window: 'ever',
          freshness,
        }}
      />
      <Figure
        label="New customers, 7 days"
        value={countShort(customers.new_7d)}
        exact={countExact(customers.new_7d)}
        explain={{
          definition: 'Customers, known or anonymous, whose first event is in the last seven days.',
          n: `${countExact(all)} customers`,
          window: 'the 7 days until now, by the time it happened',
          freshness,
        }}
      />
      {home.orders_7d && <OrdersFigure orders={home.orders_7d} freshness={freshness} />}
    </FigureRow>
  )
}

interface OrdersFigureProps {
  orders: NonNullable<Home['orders_7d']>
  freshness: string
}

function OrdersFigure({ orders, freshness }: OrdersFigureProps) {
  return (
    <Figure
      label="Orders, 7 days"
      value={countShort(orders.n)}
      exact={countExact(orders.n)}
      note={orders.revenue.map((amount) => money(amount)).join(' and ')}
      explain={{
        definition:
          'Orders that were completed, from the e-commerce events, with their totals per currency.',
        n: counted(orders.n, 'order'),
        window: 'the 7 days until now',
        freshness,
        leftOut: 'Currencies are not added up, because no exchange rate is known.',
      }}
    />
  )
}
