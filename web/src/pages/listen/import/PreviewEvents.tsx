// Whose events would they be, what would they say, and when?
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { PreviewEvent } from '@/api/types'
import { Icon, identifierIcon, identifierWord, JsonViewer, QuietButton, Tag } from '@/kit'
import { countExact, counted } from '@/kit/number'
import { absolute, dateOnly } from '@/kit/time'
import classes from './import.module.css'
import { factsOf } from './previewWords'

const SHOWN_FIRST = 5

export function PreviewEvents({ events }: { events: PreviewEvent[] }) {
  const [all, setAll] = useState(false)
  const shown = all ? events : events.slice(0, SHOWN_FIRST)
  return (
    <section aria-label="The first events">
      <h3>The first of them, as they will arrive</h3>
      <ol className={classes.events}>
        {shown.map((event) => (
          <EventCard key={event.row} event={event} />
        ))}
      </ol>
      {!all && events.length > SHOWN_FIRST && (
        <QuietButton onClick={() => setAll(true)}>
          Show {counted(events.length - SHOWN_FIRST, 'more event', 'more events')}
        </QuietButton>
      )}
    </section>
  )
}

function EventCard({ event }: { event: PreviewEvent }) {
  const isIdentify = event.kind === 'identify'
  const facts = factsOf({ ...event.traits, ...event.properties })
  const at = new Date(event.occurred_at)
  return (
    <li className={classes.event}>
      <div className={classes.eventHead}>
        <strong>{isIdentify ? 'What is known of a customer' : event.name}</strong>
        <time dateTime={event.occurred_at} title={absolute(at)} className="muted small">
          {dateOnly(at)}
        </time>
        <span className={classes.rowNumber}>row {countExact(event.row)}</span>
      </div>
      <div className={classes.who}>
        {event.identifiers.map(({ kind, value }) => (
          <span key={kind + value} className={classes.identifier}>
            <Icon name={identifierIcon(kind)} size={14} label={identifierWord(kind)} />
            <bdi>{value}</bdi>
          </span>
        ))}
        {event.customer_id ? (
          <Link to="/know/customers/$id" params={{ id: event.customer_id }} target="_blank">
            Known here already
          </Link>
        ) : (
          <Tag>new customer</Tag>
        )}
      </div>
      {facts.length > 0 && (
        <dl className={classes.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <details>
        <summary className="small">The whole event</summary>
        <JsonViewer value={event.raw} label={`The event of row ${event.row}`} />
      </details>
    </li>
  )
}
