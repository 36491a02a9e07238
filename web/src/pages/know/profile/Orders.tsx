// What did this customer buy, newest first?
import { useState } from 'react'
import type { Order } from '@/api/types'
import { Icon, Money, Status, type Tone } from '@/kit'
import { countExact, counted, measure } from '@/kit/number'
import { dateOnly } from '@/kit/time'
import classes from './profile.module.css'
import { ShortList } from './ShortList'

const states: Record<string, { tone: Tone; words: string }> = {
  updated: { tone: 'quiet', words: 'Changed' },
  cancelled: { tone: 'bad', words: 'Cancelled' },
  refunded: { tone: 'warn', words: 'Refunded' },
  partly_refunded: { tone: 'warn', words: 'Partly refunded' },
}

export function Orders({ orders, kept }: { orders: Order[]; kept: number }) {
  if (orders.length === 0) return <p className="muted">No order yet.</p>
  return (
    <ShortList
      items={orders}
      render={(order) => <OrderLine key={order.order_id} order={order} />}
      note={
        kept > orders.length
          ? `The newest ${orders.length} of ${countExact(kept)}; the story has all of them.`
          : undefined
      }
    />
  )
}

function OrderLine({ order }: { order: Order }) {
  const [open, setOpen] = useState(false)
  const state = states[order.status]
  return (
    <li>
      <button
        type="button"
        className={classes.order}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className={classes.main}>{dateOnly(new Date(order.at))}</span>
        <span className={classes.end}>
          {order.total ? <Money amount={order.total} /> : 'total not known'}
        </span>
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={12} />
        <span className={classes.sub}>
          {counted(order.n_items, 'item')}
          {state && (
            <>
              {' '}
              <Status tone={state.tone}>{state.words}</Status>
            </>
          )}
        </span>
      </button>
      {open && <OrderDetail order={order} />}
    </li>
  )
}

function OrderDetail({ order }: { order: Order }) {
  return (
    <div className={classes.source}>
      <p>
        Order <code>{order.order_id}</code>
        {order.coupon && `, coupon ${order.coupon}`}
        {order.refunded && (
          <>
            , <Money amount={order.refunded} /> given back
          </>
        )}
      </p>
      <ul>
        {order.products.map((product, i) => (
          <li key={`${product.product_id} ${i}`} className={classes.product}>
            <span>
              {measure(product.quantity)} × <bdi>{product.name ?? product.product_id}</bdi>
            </span>
            {product.price && <Money amount={product.price} />}
          </li>
        ))}
      </ul>
    </div>
  )
}
