// How do the cards lie side by side, and how does one take hold of them?
import { useRef, useState, type ReactNode } from 'react'
import { useNarrow } from '@/kit'
import classes from './grid.module.css'
import { Handles } from './Handles'
import { inReadingOrder, type Placed } from './layout'
import { useArrange } from './useArrange'

interface BoardGridProps<T extends Placed> {
  cards: T[]
  /** What a card is called when it is moved. */
  nameOf: (card: T) => string
  /** In one column it is as high as what is on it. */
  isLoose?: (card: T) => boolean
  /** Given while the board is being arranged. */
  onArrange?: (cards: T[]) => void
  render: (card: T) => ReactNode
}

export function BoardGrid<T extends Placed>(props: BoardGridProps<T>) {
  const { cards, nameOf, isLoose, onArrange, render } = props
  const narrow = useNarrow()
  const box = useRef<HTMLDivElement>(null)
  const [said, setSaid] = useState('')
  const arrange = useArrange({ box, cards, nameOf, onArrange, onSaid: setSaid })
  const placeOf = new Map(arrange.shown.map(({ id, place }) => [id, place]))
  return (
    <>
      <div ref={box} className={classes.grid} data-arranging={onArrange ? true : undefined}>
        {/* The document keeps its order while a card is held: a card that is taken out and put in
            again would be let go. */}
        {inReadingOrder(cards).map((card) => {
          const place = placeOf.get(card.id) ?? card.place
          const { x, y, w, h } = place
          return (
            <div
              key={card.id}
              className={classes.cell}
              data-held={arrange.held === card.id || undefined}
              style={
                narrow
                  ? { height: isLoose?.(card) ? 'auto' : rowsHigh(h) }
                  : {
                      gridColumn: `${x + 1} / span ${w}`,
                      gridRow: `${y + 1} / span ${h}`,
                      height: rowsHigh(h),
                    }
              }
            >
              {render(card)}
              {onArrange && (
                <Handles
                  name={nameOf(card)}
                  place={place}
                  narrow={narrow}
                  onKey={(event, what) => arrange.onKey(event, card, what)}
                  onHold={(event, what) => arrange.onHold(event, card, what)}
                  onStep={(direction) => arrange.onStep(card, direction)}
                />
              )}
            </div>
          )
        })}
      </div>
      {onArrange && (
        <div className="visually-hidden" role="status">
          {said}
        </div>
      )}
    </>
  )
}

export const ROW_PX = 72
export const GAP_PX = 16

function rowsHigh(h: number): number {
  return h * ROW_PX + (h - 1) * GAP_PX
}
