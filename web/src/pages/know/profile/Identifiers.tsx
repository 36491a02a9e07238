// By what do we recognise this customer, why do these belong together, and what if they do not?
import { useState } from 'react'
import type { Customer, CustomerIdentifier, IdentityLink } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { IdentifierChip, RelativeTime, Status } from '@/kit'
import { identifierWord } from '@/kit/IdentifierChip'
import { counted } from '@/kit/number'
import { askToPart, askToRestore, askToWithdraw, type Ask } from '../decisions/ask'
import { DecisionDialog } from '../decisions/DecisionDialog'
import decisions from '../decisions/decisions.module.css'
import { graphOf, NODES_MAX } from '../decisions/graph'
import { IdentityGraph } from '../decisions/IdentityGraph'
import {
  evidenceOf,
  inertWords,
  linkKey,
  linkState,
  linkStateWords,
  whyNotFollowed,
} from '../decisions/links'
import { nameOf } from '../naming'
import classes from './profile.module.css'
import { ShortList } from './ShortList'

export function Identifiers({ customer }: { customer: Customer }) {
  const { identifiers, links } = customer
  const mayDecide = useMay('change_identity')
  const [ask, setAsk] = useState<Ask | null>(null)
  const mayPart = mayDecide && identifiers.length > 1
  return (
    <>
      <ShortList
        items={identifiers}
        render={(identifier) => (
          <IdentifierLine
            key={identifier.id}
            identifier={identifier}
            onPart={mayPart ? () => setAsk(askToPart(identifier, nameOf(customer))) : undefined}
          />
        )}
      />
      {links.length > 0 && (
        <>
          <h3 className={classes.why}>Why they belong together</h3>
          <Drawing identifiers={identifiers} links={links} />
          <ShortList
            items={links}
            render={(link) => (
              <LinkLine key={linkKey(link)} link={link} onAsk={mayDecide ? setAsk : undefined} />
            )}
          />
        </>
      )}
      {!mayDecide && (
        <p className={decisions.note}>
          You see who this is and why, but do not decide it. {whyNot('change_identity')}
        </p>
      )}
      <DecisionDialog ask={ask} page={customer.id} onClose={() => setAsk(null)} />
    </>
  )
}

function Drawing({ identifiers, links }: Pick<Customer, 'identifiers' | 'links'>) {
  const graph = graphOf(identifiers, links)
  if (!graph) return null
  if (graph.nodes.length > NODES_MAX) {
    return (
      <p className={decisions.note}>
        {counted(graph.nodes.length, 'identifier')} are too many to draw; the list has all links.
      </p>
    )
  }
  return <IdentityGraph graph={graph} />
}

interface IdentifierLineProps {
  identifier: CustomerIdentifier
  onPart?: () => void
}

function IdentifierLine({ identifier, onPart }: IdentifierLineProps) {
  const { kind, value, n_events, first_seen, shared } = identifier
  return (
    <li className={decisions.row}>
      <div className={classes.identifier}>
        <IdentifierChip kind={kind} value={value} />
        <span className={classes.sub}>
          {identifierWord(kind)}, {counted(n_events, 'event')}, first seen{' '}
          <RelativeTime at={first_seen} />
        </span>
        {shared && (
          <span className={classes.sub}>
            <Status tone="quiet" icon="users">
              Shared
            </Status>{' '}
            Seen with more people than one person can be, so its links are not followed.
          </span>
        )}
      </div>
      {onPart && (
        <button type="button" className={decisions.quiet} onClick={onPart}>
          Somebody else…<span className="visually-hidden"> has {value}</span>
        </button>
      )}
    </li>
  )
}

interface LinkLineProps {
  link: IdentityLink
  onAsk?: (ask: Ask) => void
}

function LinkLine({ link, onAsk }: LinkLineProps) {
  const state = linkState(link)
  const isWithdrawn = state === 'withdrawn'
  return (
    <li className={decisions.row}>
      <div className={classes.identifier}>
        <span className={classes.pair}>
          <bdi>{link.a.value}</bdi> <span className="muted">and</span> <bdi>{link.b.value}</bdi>
        </span>
        <span className={classes.sub}>
          {evidenceOf(link)} <RelativeTime at={link.occurred_at} />
          {link.source && `, ${link.source.name}`}
        </span>
        {state !== 'followed' && (
          <span className={classes.sub}>
            <Status tone={isWithdrawn ? 'quiet' : 'warn'} icon={isWithdrawn ? 'ban' : undefined}>
              {link.inert && !isWithdrawn ? inertWords[link.inert] : linkStateWords[state]}
            </Status>{' '}
            {isWithdrawn ? 'It counts as if it had never been.' : whyNotFollowed(link)}
          </span>
        )}
      </div>
      {onAsk && (
        <button
          type="button"
          className={decisions.quiet}
          onClick={() => onAsk(isWithdrawn ? askToRestore(link) : askToWithdraw(link))}
        >
          {isWithdrawn ? 'Restore…' : 'Withdraw…'}
          <span className="visually-hidden">
            {' '}
            the link between {link.a.value} and {link.b.value}
          </span>
        </button>
      )}
    </li>
  )
}
