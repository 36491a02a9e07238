// What is this metric, how is it doing, and what did it mean before?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { isNotFound } from '@/api/client'
import { metricQuery } from '@/api/metricQueries'
import { useMay } from '@/app/useSession'
import { EmptyState, ErrorState, Page, PageHeader, Skeleton } from '@/kit'
import { NotesAround, VersionsAround } from '../notes/NotesAround'
import { MetricEditor } from './MetricEditor'
import { MetricView } from './MetricView'

export function MetricPage() {
  const { key } = useParams({ from: '/shell/ask/metrics/$key' })
  const search = useSearch({ from: '/shell/ask/metrics/$key' })
  const navigate = useNavigate({ from: '/ask/metrics/$key' })
  const mayChange = useMay('change_boards')
  const metric = useQuery(metricQuery(key))

  if (metric.isError && !metric.data) {
    return (
      <Page>
        {isNotFound(metric.error) ? (
          <EmptyState
            asPage
            icon="chart-line"
            title="There is no such metric"
            action={
              <Button component={Link} to="/ask/metrics" variant="default">
                All metrics
              </Button>
            }
          >
            The address may not be whole.
          </EmptyState>
        ) : (
          <ErrorState
            asPage
            what="The metric could not be read"
            error={metric.error}
            onRetry={() => void metric.refetch()}
          />
        )}
      </Page>
    )
  }
  if (!metric.data) {
    return (
      <Page>
        <PageHeader title="Metric" lead={<Skeleton height={20} width={320} />} />
        <Skeleton height={360} />
      </Page>
    )
  }
  const edit = (on: boolean) =>
    navigate({ search: (old) => ({ ...old, edit: on ? '1' : undefined }) })
  return (
    <Page>
      {search.edit && mayChange ? (
        <MetricEditor key={key} metric={metric.data} onLeave={() => edit(false)} />
      ) : (
        <NotesAround>
          <VersionsAround metric={key}>
            <MetricView
              metric={metric.data}
              period={search.period}
              version={search.version}
              onSearch={(part) =>
                void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
              }
              onEdit={() => void edit(true)}
            />
          </VersionsAround>
        </NotesAround>
      )}
    </Page>
  )
}
