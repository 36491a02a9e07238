// How does a segment stand in the list: its name, what it says, how many, and how that went?
import { Link } from '@tanstack/react-router'
import type { SegmentLine as Line, SegmentState } from '@/api/segmentTypes'
import { Sparkline, Status } from '@/kit'
import { percent } from '@/kit/chart/words'
import { countExact } from '@/kit/number'
import classes from './list.module.css'

export function SegmentLine({ segment }: { segment: Line }) {
  const { key, name, words, n, share, trend, state, is_archived, is_withheld } = segment
  return (
    <li className={classes.line}>
      <Link to="/decide/segments/$key" params={{ key }} className={classes.lineLink}>
        <span className={classes.name}>
          <bdi>{name}</bdi>
        </span>
        <span className={classes.note} title={words}>
          {words}
        </span>
      </Link>
      {is_withheld ? (
        <span className={classes.wide}>looks at what you may not see</span>
      ) : is_archived ? (
        <span className={classes.wide}>nobody is counted</span>
      ) : (
        <>
          <Sparkline
            values={trend}
            width={120}
            height={28}
            summary={`Customers in “${name}” over the last 30 days`}
          />
          <span className={classes.value}>
            {countExact(n)}
            <span className={classes.when}>{percent(share)} of all</span>
          </span>
          <State state={state} />
        </>
      )}
    </li>
  )
}

export function State({ state }: { state: SegmentState }) {
  switch (state.is) {
    case 'live':
      return <Status tone="good">Up to date</Status>
    case 'waiting':
      return <Status tone="quiet" icon="clock">{`Version ${state.version} waits its turn`}</Status>
    case 'filling': {
      const done = percent(state.n_done / Math.max(1, state.n_total))
      return <Status tone="accent">{`Version ${state.version}: ${done} counted`}</Status>
    }
    case 'failed':
      return <Status tone="bad" title={state.words}>{`Version ${state.version} failed`}</Status>
  }
}
