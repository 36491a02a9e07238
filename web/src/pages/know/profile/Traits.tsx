// Which lasting facts do we hold, why does this value count, and who said so, when?
import { useState } from 'react'
import type { CustomerTrait, TakenAwayTrait } from '@/api/types'
import { Icon, JsonViewer, RelativeTime, Status } from '@/kit'
import { identifierWord } from '@/kit/IdentifierChip'
import { counted } from '@/kit/number'
import classes from './profile.module.css'
import { TraitHistoryDrawer } from './TraitHistoryDrawer'
import { isNested, shortValue, traitWord } from './traitWords'

interface TraitsProps {
  customerId: string
  traits: CustomerTrait[]
  takenAway: TakenAwayTrait[]
}

export function Traits({ customerId, traits, takenAway }: TraitsProps) {
  const [shown, setShown] = useState<string | undefined>()
  if (traits.length === 0 && takenAway.length === 0) {
    return <p className="muted">No identify call has told anything about them yet.</p>
  }
  return (
    <>
      <ul className={classes.lines}>
        {traits.map((trait) => (
          <Trait key={trait.name} trait={trait} onHistory={() => setShown(trait.name)} />
        ))}
      </ul>
      {takenAway.length > 0 && (
        <p className={classes.taken}>
          Taken away:{' '}
          {takenAway.map((trait, i) => (
            <span key={trait.name}>
              {i > 0 && ', '}
              <button type="button" className={classes.link} onClick={() => setShown(trait.name)}>
                {traitWord(trait.name)}
              </button>{' '}
              <RelativeTime at={trait.by.at} />
            </span>
          ))}
        </p>
      )}
      <TraitHistoryDrawer
        customerId={customerId}
        name={shown}
        onClose={() => setShown(undefined)}
      />
    </>
  )
}

function Trait({ trait, onHistory }: { trait: CustomerTrait; onHistory: () => void }) {
  const [open, setOpen] = useState(false)
  return (
    <li>
      <button
        type="button"
        className={classes.trait}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className={classes.term}>{traitWord(trait.name)}</span>
        <span className={classes.value}>
          {trait.withheld ? (
            <span className="muted">Withheld from your role</span>
          ) : (
            <bdi>{shortValue(trait.value)}</bdi>
          )}
        </span>
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={12} />
      </button>
      {open && <Source trait={trait} onHistory={onHistory} />}
    </li>
  )
}

function Source({ trait, onHistory }: { trait: CustomerTrait; onHistory: () => void }) {
  return (
    <div className={classes.source}>
      {isNested(trait.value) && <JsonViewer value={trait.value} label={trait.name} />}
      <p>
        From {trait.source.name}, <RelativeTime at={trait.at} />, under the{' '}
        {identifierWord(trait.came_under.kind)} <bdi>{trait.came_under.value}</bdi>
        {trait.message_id && (
          <>
            {' '}
            in message <code>{trait.message_id}</code>
          </>
        )}
        {trait.n > 1 && (
          <>
            , said {counted(trait.n, 'time')} since <RelativeTime at={trait.since} />
          </>
        )}
        .
      </p>
      <p>
        <bdi>{trait.why}</bdi>
      </p>
      {trait.verified && <Status tone="good">Verified</Status>}
      {trait.others.length > 0 && <Others trait={trait} />}
      <div>
        <button type="button" className={classes.link} onClick={onHistory}>
          History of {traitWord(trait.name)}
        </button>
      </div>
    </div>
  )
}

function Others({ trait }: { trait: CustomerTrait }) {
  const n_more = trait.n_others - trait.others.length
  return (
    <div>
      Said as well, and not what counts:
      <ul>
        {trait.others.map((other) => (
          <li key={`${other.at} ${JSON.stringify(other.value)}`}>
            <bdi>{shortValue(other.value)}</bdi>
            {`, ${other.source.name}, `}
            <RelativeTime at={other.at} />
          </li>
        ))}
      </ul>
      {n_more > 0 && <p>and {counted(n_more, 'other value')}, in the history.</p>}
    </div>
  )
}
