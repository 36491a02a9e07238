// Which lasting facts do we hold about an account, and who said so, when?
import { useState } from 'react'
import type { Account } from '@/api/types'
import { Icon, JsonViewer, RelativeTime } from '@/kit'
import { counted } from '@/kit/number'
import classes from './profile.module.css'
import { isNested, shortValue, traitWord } from './traitWords'

type AccountTrait = Account['traits'][number]

export function AccountTraits({ traits }: { traits: AccountTrait[] }) {
  if (traits.length === 0) {
    return <p className="muted">No group call has told anything about it yet.</p>
  }
  return (
    <ul className={classes.lines}>
      {traits.map((trait) => (
        <Line key={trait.name} trait={trait} />
      ))}
    </ul>
  )
}

/** What was said before, or elsewhere. */
function History({ said }: { said: AccountTrait['history'] }) {
  return (
    <ul aria-label="Other values" className={classes.lines}>
      {said.map(({ value, source, first_at, at, n }) => (
        <li key={`${source.id} ${at} ${JSON.stringify(value)}`} className={classes.line}>
          <span className={classes.main}>
            <bdi>{shortValue(value)}</bdi>
          </span>
          <span className={classes.end}>
            <RelativeTime at={at} />
          </span>
          <span className={classes.sub}>
            {source.name}
            {n !== null && n > 1 && (
              <>
                , {counted(n, 'time')} since <RelativeTime at={first_at} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Line({ trait }: { trait: AccountTrait }) {
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
          <bdi>{shortValue(trait.value)}</bdi>
        </span>
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={12} />
      </button>
      {open && (
        <div className={classes.source}>
          {isNested(trait.value) && <JsonViewer value={trait.value} label={trait.name} />}
          <p>
            From {trait.source.name}, <RelativeTime at={trait.at} />.
          </p>
          {trait.history.length > 1 && <History said={trait.history.slice(1)} />}
        </div>
      )}
    </li>
  )
}
