// Who did we think this was, when?
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { identityThenQuery } from '@/api/queries'
import type { Customer, IdentityMoment, IdentityThen } from '@/api/types'
import { ErrorState, IdentifierChip, Skeleton, Tag } from '@/kit'
import { counted } from '@/kit/number'
import { absolute } from '@/kit/time'
import { ShortList } from '../profile/ShortList'
import classes from './decisions.module.css'

/** One stop of the slider for each moment at which something changed; the last one is now. */
export function WhoThen({ customer }: { customer: Customer }) {
  const now = useQuery(identityThenQuery(customer.id, undefined))
  const [stop, setStop] = useState<number | null>(null)
  const listId = useId()

  if (now.isPending) return <Skeleton height={24} lines={2} />
  if (now.isError) {
    return (
      <ErrorState
        what="Who this was could not be read"
        error={now.error}
        onRetry={() => void now.refetch()}
      />
    )
  }
  const { moments, n_moments } = now.data
  if (moments.length < 2) {
    return (
      <p className="muted">
        Nothing has changed about who this is since they were first heard of. When identifiers come
        or go, each step will be here.
      </p>
    )
  }
  const last = moments.length - 1
  const at = Math.min(stop ?? last, last)
  return (
    <>
      <input
        type="range"
        className={classes.slider}
        min={0}
        max={last}
        step={1}
        value={at}
        list={listId}
        aria-label="Moments at which something changed"
        aria-valuetext={textOf(moments[at]!, at + 1, moments.length)}
        onChange={(event) => setStop(Number(event.currentTarget.value))}
      />
      {moments.length <= MARKS_MAX && (
        <datalist id={listId}>
          {moments.map(({ at: moment }, place) => (
            <option key={`${moment} ${place}`} value={place} />
          ))}
        </datalist>
      )}
      <Moment moment={moments[at]!} place={at + 1} all={moments.length} />
      {n_moments > moments.length && (
        <p className={classes.note}>
          Of {counted(n_moments, 'change')}, the latest {moments.length} are shown.
        </p>
      )}
      <Then id={customer.id} at={moments[at]!.at} shown={at === last ? now.data : undefined} />
    </>
  )
}

/** More stops than this lie too close together to be marked. */
const MARKS_MAX = 40

function Moment({ moment, place, all }: { moment: IdentityMoment; place: number; all: number }) {
  const { at, cause, came, went } = moment
  const names = (list: IdentityMoment['came']) => list.map(({ value }) => value).join(', ')
  return (
    <div className={classes.moment} aria-live="polite">
      <p>
        <strong>{absolute(new Date(at))}</strong>{' '}
        <span className="muted">
          ({place} of {all})
        </span>
      </p>
      {came.length > 0 && (
        <p>
          Came: <bdi>{names(came)}</bdi>
        </p>
      )}
      {went.length > 0 && (
        <p>
          Went: <bdi>{names(went)}</bdi>
        </p>
      )}
      <p className={classes.sub}>{cause}</p>
    </div>
  )
}

interface ThenProps {
  id: string
  at: string
  /** What is known already. */
  shown?: IdentityThen
}

function Then({ id, at, shown }: ThenProps) {
  const asked = useQuery({ ...identityThenQuery(id, at), enabled: !shown })
  const then = shown ?? asked.data
  if (asked.isError) {
    return (
      <ErrorState
        what="Who this was could not be read"
        error={asked.error}
        onRetry={() => void asked.refetch()}
      />
    )
  }
  if (!then) return <Skeleton height={24} lines={3} />
  return (
    <>
      <p className={classes.note}>
        {counted(then.identifiers.length, 'identifier')} pointed to this customer then
        {then.customer_id && then.customer_id !== id && (
          <>
            , under the number <code>{then.customer_id}</code>
          </>
        )}
        .
      </p>
      <ShortList
        items={then.identifiers}
        render={({ kind, value, customer_id_now }) => (
          <li key={`${kind} ${value}`} className={classes.row}>
            <IdentifierChip kind={kind} value={value} />
            {customer_id_now !== id && <Tag>now {customer_id_now}</Tag>}
          </li>
        )}
      />
    </>
  )
}

function textOf({ at, came, went }: IdentityMoment, place: number, all: number): string {
  const moves = [
    came.length > 0 ? `${counted(came.length, 'identifier')} came` : null,
    went.length > 0 ? `${counted(went.length, 'identifier')} went` : null,
  ]
  return `${absolute(new Date(at))}, ${place} of ${all}: ${moves.filter(Boolean).join(', ')}`
}
