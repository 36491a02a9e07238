// Who referred and who mentions whom, in words?
import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { CustomerRow, Relation, Relations } from '@/api/types'
import { counted } from '@/kit/number'
import { dateOnly } from '@/kit/time'
import { customerName } from '../naming'
import profile from '../profile/profile.module.css'
import classes from './relations.module.css'
import { evidenceWords, namedAs, waitingWords } from './words'

/** Lines of a group before "more". */
const SHOWN = 6

interface Group {
  title: string
  of: (relation: Relation, me: string) => string | null
}

const groups: Group[] = [
  {
    title: 'Referred by',
    of: ({ kind, from, to }, me) => (kind === 'referral' && to === me ? from : null),
  },
  {
    title: 'Referred',
    of: ({ kind, from, to }, me) => (kind === 'referral' && from === me ? to : null),
  },
  {
    title: 'Mentioned',
    of: ({ kind, from, to }, me) => (kind === 'mention' && from === me ? to : null),
  },
  {
    title: 'Mentioned by',
    of: ({ kind, from, to }, me) => (kind === 'mention' && to === me ? from : null),
  },
]

export function RelationLists({ relations }: { relations: Relations }) {
  const { customer_id: me, people, waiting, codes, n_own } = relations
  const rows = new Map(people.map((row) => [row.id, row]))
  return (
    <>
      {groups.map(({ title, of }) => {
        const lines = relations.relations.flatMap((relation) => {
          const other = of(relation, me)
          return other ? [{ relation, row: rows.get(other), id: other }] : []
        })
        return lines.length > 0 ? (
          <Lines key={title} title={`${title} (${lines.length})`}>
            {lines.map(({ relation, row, id }) => (
              <li key={`${relation.kind} ${id}`} className={profile.line}>
                <span className={profile.main}>
                  <PersonLink id={id} row={row} />
                </span>
                <span className={profile.sub}>{evidenceWords(relation)}</span>
              </li>
            ))}
          </Lines>
        ) : null
      })}
      {waiting.length > 0 && (
        <Lines title={`Not known yet (${waiting.length})`}>
          {waiting.map((one) => (
            <li key={`${one.kind} ${one.said_by} ${namedAs(one)}`} className={profile.line}>
              <span className={profile.main}>
                <bdi>{namedAs(one)}</bdi>
              </span>
              <span className={profile.sub}>
                {waitingWords(one)}, since {dateOnly(new Date(one.first_at))}
                {one.n > 1 && `, ${counted(one.n, 'time')}`}
              </span>
            </li>
          ))}
        </Lines>
      )}
      {codes.length > 0 && (
        <p className={classes.note}>
          {codes.map(({ code, is_theirs }, i) => (
            <span key={code}>
              {i > 0 && ', '}
              <code>{code}</code>
              {!is_theirs && ' (somebody else claimed it earlier)'}
            </span>
          ))}{' '}
          {codes.length === 1 ? 'is their referral code.' : 'are their referral codes.'}
        </p>
      )}
      {n_own > 0 && (
        <p className={classes.note}>
          {counted(n_own, 'event')} {n_own === 1 ? 'relates' : 'relate'} this customer to themselves
          since a merge, and {n_own === 1 ? 'counts' : 'count'} as nothing.
        </p>
      )}
    </>
  )
}

export function PersonLink({ id, row }: { id: string; row: CustomerRow | undefined }) {
  return (
    <Link to="/know/customers/$id" params={{ id }}>
      <bdi>{row ? customerName(row) : id}</bdi>
    </Link>
  )
}

function Lines({ title, children }: { title: string; children: ReactNode[] }) {
  const [all, setAll] = useState(false)
  const hidden = all ? 0 : Math.max(0, children.length - SHOWN)
  return (
    <div className={classes.group}>
      <h3 className={classes.heading}>{title}</h3>
      <ul className={profile.lines}>{hidden > 0 ? children.slice(0, SHOWN) : children}</ul>
      {hidden > 0 && (
        <button type="button" className={profile.more} onClick={() => setAll(true)}>
          Show {counted(hidden, 'more person', 'more people')}
        </button>
      )}
    </div>
  )
}
