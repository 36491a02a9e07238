// Who is this, how sure are we, and what should I know now?
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Customer } from '@/api/types'
import { Figure, FigureRow, IdentifierChip, RelativeTime, Status, type Tone } from '@/kit'
import { money } from '@/kit/money'
import { countExact, counted, countShort } from '@/kit/number'
import { dateOnly } from '@/kit/time'
import { PrivacyMenu } from '../privacy/customer/PrivacyMenu'
import classes from './customer.module.css'
import { MergeWith } from './decisions/MergeWith'
import { nameOf } from './naming'

const certainty: Record<Customer['certainty']['level'], { tone: Tone; words: string }> = {
  known: { tone: 'good', words: 'Known' },
  claimed: { tone: 'warn', words: 'Claimed' },
  anonymous: { tone: 'quiet', words: 'Anonymous' },
}

/** The engine's sentence begins with the level, which stands before it already. */
const reasonOf = (words: string) =>
  words.replace(/^\w+: (.)/, (_, first: string) => first.toUpperCase())

export function CustomerHead({ customer }: { customer: Customer }) {
  const name = nameOf(customer)
  const sure = certainty[customer.certainty.level]
  useEffect(() => {
    document.title = `${name} · Rapport`
  }, [name])

  return (
    <header className={classes.head}>
      <Link to="/know/customers" className={classes.back}>
        Customers
      </Link>
      <div className={classes.top}>
        <h1 className={classes.name}>
          <bdi>{name}</bdi>
        </h1>
        <div className={classes.acts}>
          <MergeWith customer={customer} />
          <PrivacyMenu customer={customer} />
        </div>
      </div>
      <p className={classes.sure}>
        <Status tone={sure.tone}>{sure.words}</Status>
        <span className="muted">{reasonOf(customer.certainty.words)}</span>
      </p>
      <p className={classes.sentence}>{customer.sentence}</p>
      <div className={classes.chips}>
        {customer.identifiers.slice(0, 4).map((identifier) => (
          <IdentifierChip key={identifier.id} kind={identifier.kind} value={identifier.value} />
        ))}
        {customer.identifiers.length > 4 && (
          <span className="muted small">and {customer.identifiers.length - 4} more</span>
        )}
      </div>
      <HeadFigures customer={customer} />
    </header>
  )
}

function HeadFigures({ customer }: { customer: Customer }) {
  const freshness = customer.freshness_at
  const since = `since ${dateOnly(new Date(customer.first_seen))}`
  return (
    <div className={classes.figures}>
      <FigureRow>
        {customer.totals.map((total) => (
          <Figure
            key={total.currency}
            label={customer.totals.length > 1 ? `Revenue, ${total.currency}` : 'Revenue'}
            value={money(total.revenue)}
            note={total.average ? `${money(total.average)} per order` : undefined}
            explain={{
              definition:
                'The totals of all completed orders of this customer, as the order events gave them, after refunds.',
              n: counted(total.n_orders, 'order'),
              window: 'ever',
              freshness,
              leftOut: `Cancelled orders (${countExact(total.n_cancelled)}) and refunds (${money(total.refunded)}).`,
            }}
          />
        ))}
        {customer.totals.length > 0 && (
          <Figure
            label="Orders"
            value={countShort(customer.totals.reduce((sum, total) => sum + total.n_orders, 0))}
            explain={{
              definition: 'Completed orders, each counted once by its order id.',
              window: 'ever',
              freshness,
              leftOut: 'Cancelled orders.',
            }}
          />
        )}
        <Figure
          label="Events"
          value={countShort(customer.n_events)}
          exact={countExact(customer.n_events)}
          note={since}
          explain={{
            definition:
              'Everything this customer did and everything that was sent to them, under any of their identifiers.',
            n: counted(customer.identifiers.length, 'identifier'),
            window: since,
            freshness,
          }}
        />
        <div>
          <div className={classes.factLabel}>Last seen</div>
          <div className={classes.factValue}>
            <RelativeTime at={customer.last_seen} />
          </div>
        </div>
      </FigureRow>
    </div>
  )
}
