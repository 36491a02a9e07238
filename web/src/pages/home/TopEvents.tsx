// Which events come most often?
import { Link } from '@tanstack/react-router'
import type { Home } from '@/api/types'
import { countExact } from '@/kit/number'
import classes from './home.module.css'

export function TopEvents({ events }: { events: Home['top_events'] }) {
  const top = Math.max(1, ...events.map((event) => event.n))
  if (events.length === 0) return <p className="muted">No events in the last 7 days.</p>
  return (
    <ol className={classes.top}>
      {events.slice(0, 6).map((event) => (
        <li key={event.name}>
          <Link to="/listen/debugger" search={{ text: event.name }} className={classes.topName}>
            {event.name}
          </Link>
          <span className={classes.topBar} aria-hidden>
            <span style={{ width: `${(event.n / top) * 100}%` }} />
          </span>
          <span className={classes.topCount}>{countExact(event.n)}</span>
        </li>
      ))}
    </ol>
  )
}
