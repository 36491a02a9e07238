// What does one take hold of, to move a card or to change its size?
import type { KeyboardEvent, PointerEvent } from 'react'
import { Icon } from '@/kit'
import classes from './grid.module.css'
import type { Direction, Place } from './layout'

export type Hold = 'move' | 'size'

interface HandlesProps {
  name: string
  place: Place
  narrow: boolean
  onKey: (event: KeyboardEvent, what: Hold) => void
  onHold: (event: PointerEvent, what: Hold) => void
  onStep: (direction: Direction) => void
}

export function Handles({ name, place, narrow, onKey, onHold, onStep }: HandlesProps) {
  if (narrow) return <Steps name={name} onStep={onStep} />
  return (
    <>
      <button
        type="button"
        className={classes.move}
        aria-label={`Move ${name}`}
        title="Drag, or use the arrow keys"
        aria-description={placeWords(place)}
        onKeyDown={(event) => onKey(event, 'move')}
        onPointerDown={(event) => onHold(event, 'move')}
      >
        <Icon name="grip" size={16} />
      </button>
      <button
        type="button"
        className={classes.size}
        aria-label={`Resize ${name}`}
        title="Drag, or use the arrow keys"
        aria-description={placeWords(place)}
        onKeyDown={(event) => onKey(event, 'size')}
        onPointerDown={(event) => onHold(event, 'size')}
      >
        <Icon name="arrow-down-right" size={14} />
      </button>
    </>
  )
}

/** On a phone the cards are one column: they go up and down. */
function Steps({ name, onStep }: Pick<HandlesProps, 'name' | 'onStep'>) {
  return (
    <div className={classes.steps}>
      <button type="button" aria-label={`Move ${name} up`} onClick={() => onStep('up')}>
        <Icon name="arrow-up" size={16} />
      </button>
      <button type="button" aria-label={`Move ${name} down`} onClick={() => onStep('down')}>
        <Icon name="arrow-down" size={16} />
      </button>
    </div>
  )
}

/** Where a card is, for whoever does not see it. */
export function placeWords({ x, y, w, h }: Place): string {
  return `column ${x + 1} of 12, row ${y + 1}, ${w} wide, ${h} high`
}
