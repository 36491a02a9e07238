// By what do we recognise this customer, and why do these belong together?
import type { CustomerIdentifier, IdentityLink } from '@/api/types'
import { IdentifierChip, RelativeTime, Status } from '@/kit'
import { identifierWord } from '@/kit/IdentifierChip'
import { counted } from '@/kit/number'
import classes from './profile.module.css'

interface IdentifiersProps {
  identifiers: CustomerIdentifier[]
  links: IdentityLink[]
}

export function Identifiers({ identifiers, links }: IdentifiersProps) {
  return (
    <>
      <ul className={classes.lines}>
        {identifiers.map((identifier) => (
          <li key={identifier.id} className={classes.identifier}>
            <IdentifierChip kind={identifier.kind} value={identifier.value} />
            <span className={classes.sub}>
              {identifierWord(identifier.kind)}, {counted(identifier.n_events, 'event')}, first seen{' '}
              <RelativeTime at={identifier.first_seen} />
            </span>
          </li>
        ))}
      </ul>
      {links.length > 0 && (
        <>
          <h3 className={classes.why}>Why they belong together</h3>
          <ul className={classes.lines}>
            {links.map((link) => (
              <Link key={`${link.a.value} ${link.b.value} ${link.rule}`} link={link} />
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Link({ link }: { link: IdentityLink }) {
  return (
    <li className={classes.identifier}>
      <span className={classes.pair}>
        <bdi>{link.a.value}</bdi> <span className="muted">and</span> <bdi>{link.b.value}</bdi>
      </span>
      <span className={classes.sub}>
        {link.words} <RelativeTime at={link.occurred_at} />
        {link.source && `, ${link.source.name}`}
      </span>
      {!link.active && (
        <Status tone="warn" title={link.why_inert ?? undefined}>
          {`Not followed${link.why_inert ? `: ${link.why_inert}` : ''}`}
        </Status>
      )}
    </li>
  )
}
