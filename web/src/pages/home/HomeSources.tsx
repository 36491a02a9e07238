// Is every source still talking?
import { Link } from '@tanstack/react-router'
import type { HomeSource } from '@/api/types'
import { RelativeTime } from '@/kit'
import { countExact } from '@/kit/number'
import { sourceIcon } from '@/pages/listen/sourceWords'
import { Icon } from '@/kit'
import classes from './home.module.css'

export function HomeSources({ sources }: { sources: HomeSource[] }) {
  return (
    <ul className={classes.sources}>
      {sources.map((source) => (
        <li key={source.id}>
          <Link to="/listen/sources/$id" params={{ id: source.id }} className={classes.sourceLink}>
            <Icon name={sourceIcon(source.kind)} size={16} />
            <span className={classes.sourceName}>{source.name}</span>
            <span className={classes.sourceCount}>
              {source.n_24h > 0 ? `${countExact(source.n_24h)} in 24 h` : 'quiet for 24 h'}
            </span>
            <span className={classes.sourceLast}>
              {source.last_event_at ? <RelativeTime at={source.last_event_at} /> : 'nothing yet'}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
