// How is a long list kept short until somebody wants all of it?
import { useState, type ReactNode } from 'react'
import { countExact } from '@/kit/number'
import classes from './profile.module.css'

const SHOWN_FIRST = 5

interface ShortListProps<Item> {
  items: Item[]
  render: (item: Item) => ReactNode
  /** Said below when everything that came is shown: there may be more elsewhere. */
  note?: string
}

export function ShortList<Item>({ items, render, note }: ShortListProps<Item>) {
  const [all, setAll] = useState(false)
  // One more is not worth a button.
  const shown = all || items.length <= SHOWN_FIRST + 1 ? items : items.slice(0, SHOWN_FIRST)
  const n_more = items.length - shown.length
  return (
    <>
      <ul className={classes.lines}>{shown.map(render)}</ul>
      {n_more > 0 && (
        <button type="button" className={classes.more} onClick={() => setAll(true)}>
          Show {countExact(n_more)} more
        </button>
      )}
      {n_more === 0 && note && <p className="muted small">{note}</p>}
    </>
  )
}
