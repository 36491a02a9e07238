// What exactly was sent, how was it understood, and why was it refused?
import { Drawer, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { debugEventQuery } from '@/api/queries'
import type { DebugEventDetail } from '@/api/types'
import { ErrorState, JsonViewer, Notice, Skeleton, Status } from '@/kit'
import classes from './debugger.module.css'
import { DeliveryFacts } from './DeliveryFacts'
import { statusWords } from './sourceWords'

interface DebugDrawerProps {
  seq: string | undefined
  onClose: () => void
}

export function DebugDrawer({ seq, onClose }: DebugDrawerProps) {
  const event = useQuery({ ...debugEventQuery(seq ?? ''), enabled: seq !== undefined })
  return (
    <Drawer
      opened={seq !== undefined}
      onClose={onClose}
      position="right"
      size={560}
      title={event.data?.name ?? 'One event'}
      closeButtonProps={{ 'aria-label': 'Close the event' }}
    >
      {event.isPending && <Skeleton height={20} lines={8} />}
      {event.isError && (
        <ErrorState
          what="The event could not be read"
          error={event.error}
          onRetry={() => void event.refetch()}
        />
      )}
      {event.data && <Detail event={event.data} />}
    </Drawer>
  )
}

function Detail({ event }: { event: DebugEventDetail }) {
  const status = statusWords[event.status]
  return (
    <div className={classes.detail}>
      <p className={classes.outcome}>
        <Status tone={status.tone}>{status.words}</Status>
        <span className="muted">{status.meaning}</span>
      </p>
      {event.refusals.map((refusal) => (
        <Notice
          key={`${refusal.field} ${refusal.reason}`}
          tone={status.tone === 'bad' ? 'bad' : 'warn'}
        >
          {refusal.field && (
            <>
              <code>{refusal.field}</code>
              {': '}
            </>
          )}
          {refusal.message}
        </Notice>
      ))}
      {event.customer_id && (
        <p>
          <Link to="/know/customers/$id" params={{ id: event.customer_id }} data-inline-link>
            Go to the customer
          </Link>
        </p>
      )}
      <Tabs defaultValue="raw">
        <Tabs.List mb="md">
          <Tabs.Tab value="raw">As it was sent</Tabs.Tab>
          <Tabs.Tab value="understood">As it was understood</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="raw">
          <Raw event={event} />
        </Tabs.Panel>
        <Tabs.Panel value="understood">
          {event.understood === null || event.understood === undefined ? (
            <p className="muted">It could not be understood; the reason is above.</p>
          ) : (
            <JsonViewer value={event.understood} label="the event as understood" />
          )}
        </Tabs.Panel>
      </Tabs>
      <DeliveryFacts event={event} />
    </div>
  )
}

function Raw({ event }: { event: DebugEventDetail }) {
  if (event.raw_expired) {
    return (
      <p className="muted">
        What was sent is not kept any more: the log holds it for some days only. The event itself
        stays on the timeline.
      </p>
    )
  }
  return <JsonViewer value={event.raw} label="the event as sent" />
}
