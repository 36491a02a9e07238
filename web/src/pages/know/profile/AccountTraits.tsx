// Which lasting facts do we hold about an account, and who said so, when?
import { useState } from 'react'
import type { Account } from '@/api/types'
import { Icon, JsonViewer, RelativeTime } from '@/kit'
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
        </div>
      )}
    </li>
  )
}
