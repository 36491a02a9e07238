// What did the metric measure before, and what was changed when?
import { useQuery } from '@tanstack/react-query'
import { metricVersionsQuery } from '@/api/metricQueries'
import type { Metric, MetricVersion } from '@/api/metricTypes'
import { ErrorState, QuietButton, RelativeTime, Skeleton } from '@/kit'
import { sentence } from './Definition'
import classes from './metrics.module.css'
import { differences } from './versionDiff'

interface VersionsProps {
  metric: Metric
  /** The version whose numbers are on the page. */
  shown: number
  onShow: (version: number) => void
}

export function Versions({ metric, shown, onShow }: VersionsProps) {
  const versions = useQuery(metricVersionsQuery(metric.key))
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
  const all = versions.data.versions
  return (
    <ol className={classes.versions}>
      {all.map((version, at) => (
        <Version
          key={version.version}
          version={version}
          before={all[at + 1]}
          isShown={version.version === shown}
          onShow={() => onShow(version.version)}
        />
      ))}
    </ol>
  )
}

interface VersionProps {
  version: MetricVersion
  before: MetricVersion | undefined
  isShown: boolean
  onShow: () => void
}

function Version({ version, before, isShown, onShow }: VersionProps) {
  return (
    <li>
      <div className={classes.versionHead}>
        <h3>Version {version.version}</h3>
        <span className="muted small">
          <RelativeTime at={version.changed_at} /> by <bdi>{version.changed_by}</bdi>
        </span>
        {isShown ? (
          <span className="muted small">shown above</span>
        ) : (
          <QuietButton onClick={onShow}>Show its numbers</QuietButton>
        )}
      </div>
      {before ? <Differences before={before} now={version} /> : <p>{sentence(version.words)}.</p>}
    </li>
  )
}

function Differences({ before, now }: { before: MetricVersion; now: MetricVersion }) {
  const all = differences(before, now)
  if (all.length === 0) return <p>{sentence(now.words)}.</p>
  return (
    <dl className={classes.differences}>
      {all.map((one) => (
        <div key={one.what}>
          <dt>{one.what}</dt>
          <dd>
            <del>{one.before}</del>
            <ins>{one.now}</ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}
