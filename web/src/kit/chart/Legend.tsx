// Which colour is which? Only where names do not fit beside the lines.
import classes from './chart.module.css'

interface Entry {
  name: string
  color: string
  dashed?: boolean
}

export function Legend({ entries }: { entries: Entry[] }) {
  return (
    <ul className={classes.legend}>
      {entries.map((entry) => (
        <li key={entry.name}>
          <span
            className={classes.swatch}
            data-dashed={entry.dashed || undefined}
            style={{ background: entry.color }}
            aria-hidden
          />
          <bdi>{entry.name}</bdi>
        </li>
      ))}
    </ul>
  )
}
