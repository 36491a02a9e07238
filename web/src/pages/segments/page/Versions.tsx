// What did the segment mean before, and who came and went by each change?
import { useQuery } from '@tanstack/react-query'
import { segmentVersionsQuery } from '@/api/segmentQueries'
import type { SegmentVersion } from '@/api/segmentTypes'
import { ErrorState, RelativeTime, Skeleton } from '@/kit'
import { countExact } from '@/kit/number'
import classes from './page.module.css'

export function Versions({ segmentKey }: { segmentKey: string }) {
  const versions = useQuery(segmentVersionsQuery(segmentKey))
  if (versions.isPending) return <Skeleton height={48} lines={2} />
  if (versions.isError) {
    return (
      <ErrorState
        what="The versions could not be read"
        error={versions.error}
        onRetry={() => void versions.refetch()}
      />
    )
  }
  return (
    <ol className={classes.versions}>
      {versions.data.items.map((version) => (
        <Version key={version.version} version={version} />
      ))}
    </ol>
  )
}

function Version({ version }: { version: SegmentVersion }) {
  const { version: n, words, formula, changed_at, changed_by, served_at } = version
  return (
    <li>
      <div className={classes.versionHead}>
        <h3>Version {n}</h3>
        <span className="muted small">
          <RelativeTime at={changed_at} /> by <bdi>{changed_by}</bdi>
        </span>
        <span className="muted small">
          {served_at
            ? `${countExact(version.n_entered)} entered and ${countExact(version.n_left)} left by it`
            : 'does not count yet'}
        </span>
      </div>
      <p>{words}.</p>
      <code className={classes.code}>{formula}</code>
    </li>
  )
}
