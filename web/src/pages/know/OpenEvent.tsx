// What exactly is in this event, and under whom did it come?
import type { TimelineEvent } from '@/api/types'
import { IdentifierChip, JsonViewer } from '@/kit'
import { absolute } from '@/kit/time'
import classes from './customer.module.css'

export function OpenEvent({ event }: { event: TimelineEvent }) {
  const parts: Record<string, unknown> = {}
  if (Object.keys(event.properties).length > 0) parts.properties = event.properties
  if (Object.keys(event.traits).length > 0) parts.traits = event.traits
  if (Object.keys(event.context).length > 0) parts.context = event.context
  return (
    <div className={classes.openEvent}>
      <p className={classes.openFacts}>
        <span>
          <strong>{event.name}</strong> ({event.kind}) from {event.source.name}
        </span>
        <IdentifierChip kind={event.came_under.kind} value={event.came_under.value} />
        <span className="muted">{absolute(new Date(event.occurred_at))}</span>
      </p>
      {Object.keys(parts).length > 0 ? (
        <JsonViewer value={parts} label={`what came with ${event.name}`} />
      ) : (
        <p className="muted">It carries nothing but its name and time.</p>
      )}
    </div>
  )
}
