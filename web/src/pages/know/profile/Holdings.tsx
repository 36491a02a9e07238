// Which products does this customer have, and since when?
import type { Holding } from '@/api/types'
import { measure } from '@/kit/number'
import { dateOnly } from '@/kit/time'
import classes from './profile.module.css'
import { ShortList } from './ShortList'

export function Holdings({ holdings }: { holdings: Holding[] }) {
  if (holdings.length === 0) return <p className="muted">Nothing that we know of.</p>
  return (
    <ShortList
      items={holdings}
      render={(holding) => (
        <li key={holding.product_id} className={classes.line}>
          <span className={classes.main}>
            {holding.quantity !== 1 && `${measure(holding.quantity)} × `}
            <bdi>{holding.name ?? holding.product_id}</bdi>
          </span>
          <span className={classes.end}>since {dateOnly(new Date(holding.since))}</span>
          {holding.category && <span className={classes.sub}>{holding.category}</span>}
        </li>
      )}
    />
  )
}
