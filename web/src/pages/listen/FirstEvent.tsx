// Has something arrived from this source yet? Shown the moment it does.
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useLive } from '@/api/live'
import { sourceQuery } from '@/api/queries'
import type { DebugEvent, Source } from '@/api/types'
import { useMay } from '@/app/useSession'
import { Icon, RelativeTime, Status } from '@/kit'
import classes from './listen.module.css'
import { statusWords } from './sourceWords'

export function FirstEvent({ source }: { source: Source }) {
  const [event, setEvent] = useState<DebugEvent | null>(null)
  const client = useQueryClient()
  const mayWatch = useMay('view_events')
  const url = `/api/debugger/stream?source=${encodeURIComponent(source.id)}`

  const live = useLive(mayWatch && source.enabled ? url : null, {
    debug: (data) => {
      if (!event) void client.invalidateQueries({ queryKey: sourceQuery(source.id).queryKey })
      setEvent(data as DebugEvent)
    },
  })

  if (event) return <Arrived event={event} source={source} />
  if (source.last_event_at) {
    return (
      <p className={classes.waiting}>
        <Icon name="circle-check" className={classes.good} />
        <span>
          The last event came <RelativeTime at={source.last_event_at} />.{' '}
          <Link to="/listen/debugger" search={{ source: source.id }}>
            Watch it live
          </Link>
        </span>
      </p>
    )
  }
  if (!source.enabled) return null
  return (
    <p className={classes.waiting} role="status">
      <span className={classes.pulse} aria-hidden />
      <span>
        {live === 'lost'
          ? 'The connection to the engine is lost; trying again.'
          : 'Waiting for the first event. Paste a snippet below and it will appear here.'}
      </span>
    </p>
  )
}

function Arrived({ event, source }: { event: DebugEvent; source: Source }) {
  const { tone, words } = statusWords[event.status]
  return (
    <div className={classes.arrived} role="status">
      <Status tone={tone}>{words}</Status>
      <span>
        <strong>{event.name ?? 'An event without a name'}</strong> arrived{' '}
        <RelativeTime at={event.received_at} />
        {event.refusals[0] && `: ${event.refusals[0].message}`}.{' '}
        <Link to="/listen/debugger" search={{ source: source.id, open: event.seq }}>
          Open it in the debugger
        </Link>
        {event.customer_id && (
          <>
            {' or '}
            <Link to="/know/customers/$id" params={{ id: event.customer_id }}>
              go to the customer
            </Link>
          </>
        )}
        .
      </span>
    </div>
  )
}
