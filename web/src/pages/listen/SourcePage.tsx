// How does this source send, does it arrive, and what is expected of it?
import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { isNotFound } from '@/api/client'
import { sourceQuery } from '@/api/queries'
import type { Source } from '@/api/types'
import { EmptyState, ErrorState, Page, PageHeader, Skeleton, Status, useNow } from '@/kit'
import classes from './listen.module.css'
import { SourceConnect } from './SourceConnect'
import { SourcePlan } from './SourcePlan'
import { SourceSettings } from './SourceSettings'
import { sourceHealth, sourceKindLabel } from './sourceWords'

const WHILE_WAITING_MS = 2_000

export function SourcePage() {
  const { id } = useParams({ from: '/shell/listen/sources/$id' })
  const source = useQuery({
    ...sourceQuery(id),
    refetchInterval: (query) => (query.state.data?.last_event_at ? 15_000 : WHILE_WAITING_MS),
  })

  if (source.isPending) {
    return (
      <Page>
        <Skeleton height={28} width={240} />
        <Skeleton height={160} />
      </Page>
    )
  }
  if (source.isError) {
    return (
      <Page>
        {isNotFound(source.error) ? (
          <EmptyState asPage icon="search" title="There is no such source">
            It was deleted, or the link is cut off. <Link to="/listen/sources">All sources</Link>
          </EmptyState>
        ) : (
          <ErrorState
            asPage
            what="The source could not be read"
            error={source.error}
            onRetry={() => void source.refetch()}
          />
        )}
      </Page>
    )
  }
  return <Found source={source.data} />
}

function Found({ source }: { source: Source }) {
  const { tab = 'connect' } = useSearch({ from: '/shell/listen/sources/$id' })
  const navigate = useNavigate()
  const health = sourceHealth(source, useNow())
  const setTab = (next: string | null) =>
    void navigate({
      to: '/listen/sources/$id',
      params: { id: source.id },
      search: { tab: next ?? undefined },
      replace: true,
    })

  return (
    <Page>
      <PageHeader
        above={
          <Link to="/listen/sources" className={classes.back}>
            Sources
          </Link>
        }
        title={source.name}
        lead={
          <span className={classes.facts}>
            <Status tone={health.tone}>{health.words}</Status>
            <span>{sourceKindLabel(source.kind)}</span>
          </span>
        }
      />
      <Tabs value={tab} onChange={setTab}>
        <Tabs.List className={classes.tabs}>
          <Tabs.Tab value="connect">Connect</Tabs.Tab>
          <Tabs.Tab value="plan">Tracking plan</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="connect">
          <SourceConnect source={source} />
        </Tabs.Panel>
        <Tabs.Panel value="plan">
          <SourcePlan source={source} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <SourceSettings source={source} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
