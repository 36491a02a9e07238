// Who are they now, and who would they be then? Side by side.
import type { ReactNode } from 'react'
import type { CustomerCard, DecisionPreview, NamedIdentifier } from '@/api/types'
import { Icon, identifierIcon, RelativeTime, Tag } from '@/kit'
import { identifierWord } from '@/kit/IdentifierChip'
import { countExact, counted } from '@/kit/number'
import { cardName } from '../naming'
import classes from './decisions.module.css'

/** A customer may have thousands; a card is for recognising them. */
const IDENTIFIERS_SHOWN = 6

interface BeforeAfterProps {
  preview: DecisionPreview
  /** The customer whose page this is. */
  page: string
}

export function BeforeAfter({ preview, page }: BeforeAfterProps) {
  const owners = ownersOf(preview.before)
  const there = new Set(preview.before.map((card) => card.id))
  return (
    <div className={classes.sides}>
      <Side title="Now">
        {preview.before.map((card) => (
          <Card key={card.id} card={card} tag={card.id === page ? 'this page' : undefined} />
        ))}
      </Side>
      <span className={classes.arrow}>
        <Icon name="chevron-right" size={20} />
      </span>
      <Side title="Then">
        {preview.after.map((card) => (
          <Card
            key={card.id}
            card={card}
            tag={there.has(card.id) ? undefined : 'on their own'}
            moved={(identifier) => owners.get(keyOf(identifier)) !== card.id}
          />
        ))}
      </Side>
    </div>
  )
}

function Side({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.side} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

interface CardProps {
  card: CustomerCard
  tag?: string
  moved?: (identifier: NamedIdentifier) => boolean
}

function Card({ card, tag, moved }: CardProps) {
  const { identifiers, n_events, n_orders, first_seen, last_seen } = card
  const shown = shownOf(identifiers, moved)
  const n_more = identifiers.length - shown.length
  return (
    <article className={classes.card} aria-label={cardName(card)}>
      <div className={classes.cardHead}>
        <strong className={classes.cardName}>
          <bdi>{cardName(card)}</bdi>
        </strong>
        {tag && <Tag>{tag}</Tag>}
        <code className={classes.cardId}>{card.id}</code>
      </div>
      <p className={classes.numbers}>
        {counted(n_events, 'event')}, {counted(n_orders, 'order')}
      </p>
      {first_seen && last_seen && (
        <p className={classes.seen}>
          seen first <RelativeTime at={first_seen} />, last <RelativeTime at={last_seen} />
        </p>
      )}
      <ul className={classes.cardIdentifiers}>
        {shown.map((identifier) => (
          <li key={keyOf(identifier)}>
            <Icon
              name={identifierIcon(identifier.kind)}
              size={14}
              label={identifierWord(identifier.kind)}
            />
            <bdi className={classes.cardValue} title={identifier.value}>
              {identifier.value}
            </bdi>
            {moved?.(identifier) && <span className={classes.moved}>moves here</span>}
          </li>
        ))}
        {n_more > 0 && <li className="muted">and {countExact(n_more)} more</li>}
      </ul>
    </article>
  )
}

/** Those that move come first: they are what it is about. */
function shownOf(all: NamedIdentifier[], moved?: (identifier: NamedIdentifier) => boolean) {
  if (all.length <= IDENTIFIERS_SHOWN + 1 || !moved) {
    return all.slice(0, all.length <= IDENTIFIERS_SHOWN + 1 ? all.length : IDENTIFIERS_SHOWN)
  }
  const rest = all.filter((identifier) => !moved(identifier))
  return [...all.filter(moved), ...rest].slice(0, IDENTIFIERS_SHOWN)
}

function ownersOf(cards: CustomerCard[]): Map<string, string> {
  return new Map(cards.flatMap((card) => card.identifiers.map((i) => [keyOf(i), card.id] as const)))
}

const keyOf = ({ kind, value }: NamedIdentifier) => `${kind} ${value}`
