// How did the event travel: when, from where, in which dialect?
import type { DebugEventDetail } from '@/api/types'
import { absolute } from '@/kit/time'
import classes from './debugger.module.css'

export function DeliveryFacts({ event }: { event: DebugEventDetail }) {
  const { delivery } = event
  const agent = delivery.agent
    ? [delivery.agent.browser, delivery.agent.os, delivery.agent.device].filter(Boolean).join(', ')
    : null
  const at = (time: string | null) => (time ? absolute(new Date(time)) : null)
  const facts: [term: string, value: string | null][] = [
    ['Happened', at(event.occurred_at)],
    ['Sent', at(delivery.sent_at)],
    ['Arrived', at(event.received_at)],
    ['Source', event.source.name],
    ['Dialect', delivery.dialect],
    ['Message id', event.message_id],
    ['Came under', event.came_under ? `${event.came_under.kind} ${event.came_under.value}` : null],
    ['From', delivery.ip],
    ['With', agent ?? delivery.user_agent],
    ['In the log', event.seq],
  ]
  return (
    <dl className={classes.facts}>
      {facts.map(([term, value]) =>
        value ? (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
