// Is this customer perhaps here a second time?
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Notice } from '@/kit'
import { customerPairsQuery } from './queries'
import classes from './possible.module.css'
import { sideName } from './sides'
import { outOf, percent } from './strength'
import { isWhole, type Pair } from './wire'

/** Says nothing while there is nothing to say: who looks at a customer came for something else. */
export function PossibleDuplicates({ customerId }: { customerId: string }) {
  const pairs = useQuery(customerPairsQuery(customerId))
  const items = pairs.data?.items.filter(isWhole) ?? []
  if (items.length === 0) return null
  return (
    <section aria-label="Possible duplicates">
      <Notice tone="info">
        <p>Perhaps here a second time, as</p>
        <ul className={classes.others}>
          {items.map((pair) => (
            <Other key={pair.id} pair={pair} customerId={customerId} />
          ))}
        </ul>
      </Notice>
    </section>
  )
}

function Other({ pair, customerId }: { pair: Pair; customerId: string }) {
  const other = pair.a.customer_id === customerId ? pair.b : pair.a
  return (
    <li className={classes.other}>
      <span className={classes.who}>
        <Link to="/know/customers/$id" params={{ id: other.customer_id }} data-inline-link>
          <bdi>{sideName(other)}</bdi>
        </Link>{' '}
        <span className="muted" title={outOf(pair.probability)}>
          {percent(pair.probability)} likely
        </span>
      </span>
      <span className={classes.ways}>
        <Link to="/know/duplicates/review" search={{ pair: pair.id }} data-inline-link>
          Compare
          <span className="visually-hidden"> with {sideName(other)}</span>
        </Link>
        <Link
          to="/know/customers/$id"
          params={{ id: customerId }}
          search={(old) => ({ ...old, merge: other.customer_id })}
          data-inline-link
        >
          Merge…
          <span className="visually-hidden"> with {sideName(other)}</span>
        </Link>
      </span>
    </li>
  )
}
