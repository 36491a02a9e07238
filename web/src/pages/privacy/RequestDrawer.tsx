// What does this request say, and what is done about it?
import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { requestQuery } from '@/api/privacyQueries'
import type { PrivacyRequest } from '@/api/privacyTypes'
import { ErrorState, RelativeTime, Section, Skeleton, Status } from '@/kit'
import { dateOnly } from '@/kit/time'
import classes from './privacy.module.css'
import { RequestAnswer } from './RequestAnswer'
import { RequestProgress } from './RequestProgress'
import { RequestWho } from './RequestWho'
import { dueWords, isClosed, requestKinds, requestStates, whoAsks } from './requestWords'

interface RequestDrawerProps {
  /** Which request; undefined while none is open. */
  id: string | undefined
  onClose: () => void
}

export function RequestDrawer({ id, onClose }: RequestDrawerProps) {
  // The last one stays to be seen while the drawer goes away.
  const [last, setLast] = useState(id)
  if (id && id !== last) setLast(id)
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={560}
      title={`Request ${last ?? ''}`}
      closeButtonProps={{ 'aria-label': 'Close the request' }}
    >
      {last && <Found key={last} id={last} />}
    </Drawer>
  )
}

function Found({ id }: { id: string }) {
  const request = useQuery(requestQuery(id))
  if (request.isPending) return <Skeleton height={24} lines={8} />
  if (request.isError) {
    return (
      <ErrorState
        what="The request could not be read"
        error={request.error}
        onRetry={() => void request.refetch()}
      />
    )
  }
  return (
    <div className={classes.drawer}>
      <Head request={request.data} />
      <Facts request={request.data} />
      {!isClosed(request.data) && <RequestWho request={request.data} />}
      {!isClosed(request.data) && <RequestAnswer request={request.data} />}
      <RequestProgress request={request.data} />
    </div>
  )
}

function Head({ request }: { request: PrivacyRequest }) {
  const kind = requestKinds[request.kind]
  const due = dueWords(request)
  const state = requestStates[request.status]
  return (
    <div>
      <h2 className={classes.drawerTitle}>
        <bdi>{whoAsks(request)}</bdi>: {kind.label.charAt(0).toLowerCase() + kind.label.slice(1)}
      </h2>
      <p className={classes.states}>
        <Status tone={state.tone}>{state.words}</Status>
        {!isClosed(request) && <Status tone={due.tone}>{due.words}</Status>}
      </p>
      <p className="muted">{kind.means}</p>
    </div>
  )
}

function Facts({ request }: { request: PrivacyRequest }) {
  const { customer_id, contact, note, is_extended, extension_reason, outcome } = request
  return (
    <Section title="What is known of it">
      <dl className={classes.facts}>
        <Fact term="Customer">
          {customer_id ? (
            <Link to="/know/customers/$id" params={{ id: customer_id }}>
              <bdi>{request.customer_name ?? customer_id}</bdi>
            </Link>
          ) : (
            'not found out yet'
          )}
        </Fact>
        {contact && (
          <Fact term="Answer goes to">
            <bdi>{contact}</bdi>
          </Fact>
        )}
        {note && (
          <Fact term="Note">
            <bdi>{note}</bdi>
          </Fact>
        )}
        <Fact term="Received">
          <RelativeTime at={request.received_at} />
        </Fact>
        <Fact term="To be answered by">
          {dateOnly(new Date(request.due_at))}
          {is_extended && `, extended: ${extension_reason}`}
        </Fact>
        <Fact term="Entered by">
          <bdi>{request.created_by}</bdi>
        </Fact>
        {request.handled_by && (
          <Fact term="Handled by">
            <bdi>{request.handled_by}</bdi>
          </Fact>
        )}
        {request.closed_at && (
          <Fact term="Closed">
            <RelativeTime at={request.closed_at} />
            {outcome && (
              <>
                : <bdi>{outcome}</bdi>
              </>
            )}
          </Fact>
        )}
        {request.erasure_id && (
          <Fact term="Erasure">
            <Link to="/privacy/erasures/$id" params={{ id: request.erasure_id }}>
              {request.erasure_id}
            </Link>
          </Fact>
        )}
      </dl>
    </Section>
  )
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
