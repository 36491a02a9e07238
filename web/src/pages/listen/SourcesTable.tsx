// Which sources are there, what did they send, and how are they?
import { Link } from '@tanstack/react-router'
import type { Source } from '@/api/types'
import { Icon, RelativeTime, Status, useNow } from '@/kit'
import { countExact } from '@/kit/number'
import classes from './listen.module.css'
import { sourceHealth, sourceIcon, sourceKindLabel } from './sourceWords'

export function SourcesTable({ sources }: { sources: Source[] }) {
  return (
    <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Sources">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">State</th>
            <th scope="col" data-wide>
              Kind
            </th>
            <th scope="col" data-align="end">
              Events, 24 h
            </th>
            <th scope="col" data-align="end" data-wide>
              Refused, 24 h
            </th>
            <th scope="col" data-align="end" data-wide>
              Last event
            </th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <SourceLine key={source.id} source={source} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SourceLine({ source }: { source: Source }) {
  const health = sourceHealth(source, useNow())
  return (
    <tr>
      <td>
        <Link to="/listen/sources/$id" params={{ id: source.id }} className={classes.nameLink}>
          <Icon name={sourceIcon(source.kind)} />
          <span>{source.name}</span>
        </Link>
      </td>
      <td>
        <Status tone={health.tone}>{health.words}</Status>
      </td>
      <td data-wide>{sourceKindLabel(source.kind)}</td>
      <td data-align="end">{countExact(source.n_24h)}</td>
      <td data-align="end" data-wide>
        {source.n_refused_24h > 0 ? (
          <Link to="/listen/debugger" search={{ source: source.id, status: 'refused' }}>
            {countExact(source.n_refused_24h)}
          </Link>
        ) : (
          <span className="muted">none</span>
        )}
      </td>
      <td data-align="end" data-wide>
        {source.last_event_at ? (
          <RelativeTime at={source.last_event_at} />
        ) : (
          <span className="muted">never</span>
        )}
      </td>
    </tr>
  )
}
