// On which numbers did the house agree, and how are they doing?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { metricsQuery } from '@/api/metricQueries'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { ErrorState, Icon, Page, PageHeader, Section, Skeleton } from '@/kit'
import { useAskedAgain } from '../boards/useTold'
import { MetricLine } from './MetricLine'
import classes from './metrics.module.css'
import { NewMetric } from './NewMetric'
import { UsualMetrics } from './UsualMetrics'

export function Metrics() {
  const search = useSearch({ from: '/shell/ask/metrics' })
  const navigate = useNavigate({ from: '/ask/metrics' })
  const mayChange = useMay('change_boards')
  if (search.new === '1' && mayChange) {
    return <NewMetric onLeave={() => void navigate({ search: {} })} />
  }
  return (
    <Page>
      <PageHeader
        title="Metrics"
        lead="What the house means by its numbers: defined once, used by boards and alerts."
        action={
          <Button
            leftSection={<Icon name="plus" size={14} />}
            disabled={!mayChange}
            title={mayChange ? undefined : whyNot('change_boards')}
            onClick={() => void navigate({ search: { new: '1' } })}
          >
            New metric
          </Button>
        }
      />
      <List mayChange={mayChange} />
    </Page>
  )
}

function List({ mayChange }: { mayChange: boolean }) {
  const metrics = useQuery(metricsQuery)
  useAskedAgain()
  if (metrics.isPending) return <Skeleton height={64} lines={5} />
  if (metrics.isError) {
    return (
      <ErrorState
        what="The metrics could not be read"
        error={metrics.error}
        onRetry={() => void metrics.refetch()}
      />
    )
  }
  const used = metrics.data.metrics.filter((metric) => !metric.is_archived)
  const archived = metrics.data.metrics.filter((metric) => metric.is_archived)
  return (
    <>
      {used.length > 0 && (
        <ul className={classes.lines} aria-label="Metrics in use">
          {used.map((metric) => (
            <MetricLine key={metric.key} metric={metric} />
          ))}
        </ul>
      )}
      <UsualMetrics isFirst={used.length === 0} mayChange={mayChange} />
      {archived.length > 0 && (
        <Section title="Out of use">
          <ul className={classes.lines} aria-label="Metrics out of use">
            {archived.map((metric) => (
              <MetricLine key={metric.key} metric={metric} />
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}
