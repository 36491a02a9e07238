// What did the people of this account order?
import { Link } from '@tanstack/react-router'
import type { Account } from '@/api/types'
import { Money, RelativeTime } from '@/kit'
import { counted } from '@/kit/number'
import profile from '../profile/profile.module.css'
import classes from './account.module.css'

export function AccountOrders({ account }: { account: Account }) {
  const { totals, orders } = account
  if (totals.length === 0 && orders.length === 0) {
    return <p className="muted">No member has placed an order.</p>
  }
  return (
    <>
      <div className={classes.figures}>
        {totals.map(({ n_orders, revenue }) => (
          <div key={revenue.currency} className={classes.figure}>
            <span className={classes.amount}>
              <Money amount={revenue} />
            </span>
            <span className="muted small">{counted(n_orders, 'order')} of all members</span>
          </div>
        ))}
      </div>
      <ul className={profile.lines}>
        {orders.map((order) => (
          <li key={`${order.customer_id} ${order.order_id}`} className={profile.line}>
            <span className={profile.main}>{order.order_id}</span>
            <span className={profile.end}>
              {order.total ? <Money amount={order.total} /> : 'amount not told'}
            </span>
            <span className={profile.sub}>
              <Link to="/know/customers/$id" params={{ id: order.customer_id }} data-inline-link>
                <bdi>{order.customer_name ?? order.customer_id}</bdi>
              </Link>
              , <RelativeTime at={order.at} />
              {order.status !== 'completed' && `, ${order.status.replaceAll('_', ' ')}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
