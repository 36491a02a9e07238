// Where do events come from, and is every place still talking?
import { Button, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { sourcesQuery } from '@/api/queries'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { EmptyState, ErrorState, Icon, Page, PageHeader, Skeleton } from '@/kit'
import { CreateSource } from './CreateSource'
import { SourcesTable } from './SourcesTable'

export function Sources() {
  const sources = useQuery(sourcesQuery)
  const { new: create } = useSearch({ from: '/shell/listen/sources' })
  const navigate = useNavigate()
  const mayChange = useMay('change_sources')
  const setCreating = (on: boolean) =>
    void navigate({ to: '/listen/sources', search: on ? { new: '1' } : {} })

  const button = (
    <Tooltip label={whyNot('change_sources')} disabled={mayChange}>
      <Button
        leftSection={<Icon name="plus" />}
        disabled={!mayChange}
        onClick={() => setCreating(true)}
      >
        Create a source
      </Button>
    </Tooltip>
  )
  const isEmpty = sources.data?.items.length === 0

  return (
    <Page>
      <PageHeader
        title="Sources"
        lead="The sites, apps and systems that send events. Each has a write key of its own."
        action={isEmpty ? undefined : button}
      />
      {sources.isError && (
        <ErrorState
          what="The sources could not be read"
          error={sources.error}
          onRetry={() => void sources.refetch()}
        />
      )}
      {sources.isPending && <Skeleton height={40} lines={4} />}
      {isEmpty && (
        <EmptyState icon="radio" title="Your sources will be listed here" action={button}>
          There is none yet, so nothing can come in. Create one and paste its snippet; you will see
          the first event arrive.
        </EmptyState>
      )}
      {sources.data && !isEmpty && <SourcesTable sources={sources.data.items} />}
      <CreateSource opened={create !== undefined && mayChange} onClose={() => setCreating(false)} />
    </Page>
  )
}
