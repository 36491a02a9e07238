// Which lasting facts do we hold, and who said so, when?
import { useState } from 'react'
import type { CustomerTrait } from '@/api/types'
import { Icon, JsonViewer, RelativeTime } from '@/kit'
import { identifierWord } from '@/kit/IdentifierChip'
import classes from './profile.module.css'

export function Traits({ traits }: { traits: CustomerTrait[] }) {
  if (traits.length === 0) {
    return <p className="muted">No identify call has told anything about them yet.</p>
  }
  return (
    <ul className={classes.lines}>
      {traits.map((trait) => (
        <Trait key={trait.name} trait={trait} />
      ))}
    </ul>
  )
}

function Trait({ trait }: { trait: CustomerTrait }) {
  const [open, setOpen] = useState(false)
  return (
    <li>
      <button
        type="button"
        className={classes.trait}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className={classes.term}>{trait.name.replaceAll('_', ' ')}</span>
        <span className={classes.value}>
          <bdi>{shortValue(trait.value)}</bdi>
        </span>
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={12} />
      </button>
      {open && (
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
            .
          </p>
        </div>
      )}
    </li>
  )
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** A value in one line: yes and no for flags, the parts of an object joined. */
function shortValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.map(shortValue).join(', ')
  if (typeof value === 'object') return Object.values(value).map(shortValue).join(', ')
  return String(value)
}
