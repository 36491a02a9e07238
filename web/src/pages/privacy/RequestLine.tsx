// Who wants what, and how much time is left?
import type { PrivacyRequest } from '@/api/privacyTypes'
import { RelativeTime, Status } from '@/kit'
import { dateOnly } from '@/kit/time'
import classes from './privacy.module.css'
import { dueWords, isClosed, requestKinds, requestStates, whoAsks } from './requestWords'

interface RequestLineProps {
  request: PrivacyRequest
  onOpen: () => void
}

export function RequestLine({ request, onOpen }: RequestLineProps) {
  const due = dueWords(request)
  const state = requestStates[request.status]
  return (
    <li className={classes.line}>
      <button type="button" className={classes.lineName} onClick={onOpen}>
        <bdi>{whoAsks(request)}</bdi>
      </button>
      <span>{requestKinds[request.kind].label}</span>
      <span className={classes.lineEnd}>
        {isClosed(request) ? (
          <Status tone={state.tone}>{state.words}</Status>
        ) : (
          <Status tone={due.tone} title={`Due on ${dateOnly(new Date(request.due_at))}`}>
            {due.words}
          </Status>
        )}
      </span>
      <span className={classes.sub}>
        {request.id}, received <RelativeTime at={request.received_at} />
        {request.is_extended && ', extended'}
        {request.status === 'in_progress' && request.handled_by && (
          <>
            , <bdi>{request.handled_by}</bdi> is at it
          </>
        )}
      </span>
    </li>
  )
}
