// What does one line of the debugger show?
import type { DebugEvent } from '@/api/types'
import { RelativeTime, Status, Tag, type Column } from '@/kit'
import { identifierWord } from '@/kit/IdentifierChip'
import { clockSeconds } from '@/kit/time'
import classes from './debugger.module.css'
import { statusWords } from './sourceWords'

export const debugColumns: Column<DebugEvent>[] = [
  {
    key: 'received_at',
    header: 'Arrived',
    width: '92px',
    render: (event) => <Arrived at={event.received_at} />,
  },
  {
    key: 'status',
    header: 'Outcome',
    width: '120px',
    render: (event) => <Outcome event={event} />,
  },
  {
    key: 'name',
    header: 'Event',
    width: 'minmax(160px, 1.2fr)',
    render: (event) => (
      <span className={classes.name}>
        <span>{event.name ?? <span className="muted">no name</span>}</span>
        {event.kind && <Tag>{event.kind}</Tag>}
      </span>
    ),
  },
  {
    key: 'came_under',
    header: 'Under',
    width: 'minmax(140px, 1fr)',
    render: (event) => <Under event={event} />,
  },
  {
    key: 'source',
    header: 'Source',
    width: 'minmax(110px, 0.9fr)',
    render: (event) => event.source.name,
  },
  {
    key: 'why',
    header: 'What is wrong',
    width: 'minmax(180px, 1.4fr)',
    render: (event) => <Why event={event} />,
  },
]

function Arrived({ at }: { at: string }) {
  return (
    <time dateTime={at} title={new Date(at).toString()} className="muted">
      {clockSeconds(new Date(at))}
    </time>
  )
}

function Outcome({ event }: { event: DebugEvent }) {
  const { tone, words } = statusWords[event.status]
  return <Status tone={tone}>{words}</Status>
}

function Under({ event }: { event: DebugEvent }) {
  if (!event.came_under) return <span className="muted">nobody</span>
  const { kind, value } = event.came_under
  return (
    <span title={`${identifierWord(kind)}: ${value}`}>
      <bdi>{value}</bdi>
    </span>
  )
}

function Why({ event }: { event: DebugEvent }) {
  const [first, ...others] = event.refusals
  if (!first) return null
  return (
    <span title={event.refusals.map((refusal) => refusal.message).join('\n')}>
      {first.message}
      {others.length > 0 && ` and ${others.length} more`}
    </span>
  )
}

export function DebugPhoneRow({ event }: { event: DebugEvent }) {
  return (
    <div className={classes.phone}>
      <span className={classes.phoneName}>{event.name ?? 'no name'}</span>
      <Outcome event={event} />
      <span className={classes.phoneSub}>
        {event.refusals[0]?.message ?? event.came_under?.value ?? event.source.name}
      </span>
      <span className={classes.phoneSub}>
        <RelativeTime at={event.received_at} />
      </span>
    </div>
  )
}
