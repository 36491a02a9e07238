// Of which traits do they say different things, and which value would win?
import type { DecisionPreview, TraitConflict } from '@/api/types'
import { RelativeTime, Status } from '@/kit'
import { counted } from '@/kit/number'
import { cardName } from '../naming'
import { shortValue, traitWord } from '../profile/traitWords'
import classes from './decisions.module.css'

export function Conflicts({ preview }: { preview: DecisionPreview }) {
  const names = new Map(preview.before.map((card) => [card.id, cardName(card)]))
  const { conflicts } = preview
  return (
    <section aria-label="Conflicting traits">
      <h3>{counted(conflicts.length, 'trait')} on which they differ</h3>
      <ul className={classes.conflicts}>
        {conflicts.map((conflict) => (
          <Conflict key={`${conflict.customer_id} ${conflict.name}`} {...{ conflict, names }} />
        ))}
      </ul>
    </section>
  )
}

interface ConflictProps {
  conflict: TraitConflict
  names: Map<string, string>
}

function Conflict({ conflict, names }: ConflictProps) {
  const { name, said, winner } = conflict
  const isSaid = said.some((one) => isSame(one.value, winner))
  const winnersFirst = [...said].sort(
    (a, b) => Number(isSame(b.value, winner)) - Number(isSame(a.value, winner)),
  )
  return (
    <li className={classes.conflict}>
      <span className={classes.trait}>{traitWord(name)}</span>
      <ul className={classes.said}>
        {winnersFirst.map((one) => (
          <li key={one.customer_id} data-wins={isSame(one.value, winner) || undefined}>
            <bdi className={classes.saidValue}>{shortValue(one.value)}</bdi>
            {isSame(one.value, winner) && <Status tone="good">wins</Status>}
            <span className={classes.saidBy}>
              <bdi>{names.get(one.customer_id) ?? one.customer_id}</bdi>, {one.source.name},{' '}
              <RelativeTime at={one.at} />
            </span>
          </li>
        ))}
        {!isSaid && (
          <li data-wins>
            <bdi className={classes.saidValue}>{shortValue(winner)}</bdi>
            <Status tone="good">wins</Status>
          </li>
        )}
      </ul>
    </li>
  )
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
