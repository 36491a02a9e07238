// What came in, what needs me, and is everything on time?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { homeQuery } from '@/api/queries'
import type { Home as HomeData } from '@/api/types'
import { EmptyState, ErrorState, Page, PageHeader, RelativeTime, Section, Skeleton } from '@/kit'
import { counted } from '@/kit/number'
import { AttentionList } from './AttentionList'
import { EventsChart } from './EventsChart'
import classes from './home.module.css'
import { HomeFigures } from './HomeFigures'
import { HomeSources } from './HomeSources'
import { TopEvents } from './TopEvents'

export function Home() {
  const home = useQuery(homeQuery)
  if (home.isError && !home.data) {
    return (
      <Page>
        <PageHeader title="Home" />
        <ErrorState
          what="The figures could not be read"
          error={home.error}
          onRetry={() => void home.refetch()}
        />
      </Page>
    )
  }
  if (!home.data) return <HomeSkeleton />
  return (
    <Page>
      <PageHeader title="Home" lead={<Lead home={home.data} />} />
      {home.data.sources.length === 0 ? <Nothing /> : <Filled home={home.data} />}
    </Page>
  )
}

function Filled({ home }: { home: HomeData }) {
  return (
    <>
      <HomeFigures home={home} />
      <EventsChart hours={home.events.by_hour} />
      <div className={classes.columns}>
        <Section title="Needs attention">
          <AttentionList home={home} />
        </Section>
        <Section title="Most frequent events" aside="last 7 days">
          <TopEvents events={home.top_events} />
        </Section>
      </div>
      <Section title="Sources" aside={<Link to="/listen/sources">All sources</Link>}>
        <HomeSources sources={home.sources} />
      </Section>
    </>
  )
}

/** The answer first, in a sentence. */
function Lead({ home }: { home: HomeData }) {
  const { last_24h } = home.events
  const urgent = home.attention.filter((item) => item.severity !== 'info').length
  return (
    <>
      {last_24h === 0
        ? 'Nothing came in during the last 24 hours'
        : `${counted(last_24h, 'event')} came in during the last 24 hours`}
      {urgent === 0
        ? ', and nothing needs you now. '
        : `, and ${counted(urgent, 'thing')} ${urgent === 1 ? 'needs' : 'need'} a look. `}
      As of <RelativeTime at={home.freshness_at} />.
    </>
  )
}

function Nothing() {
  return (
    <EmptyState
      icon="radio"
      title="Here you will see what came in"
      action={
        <Button component={Link} to="/listen/sources?new=1">
          Create a source
        </Button>
      }
    >
      <p>
        Nothing can come in yet, because there is no source. A source is a site, an app or a system
        that sends events; creating one takes a minute and gives you a snippet to paste.
      </p>
      <p>
        To look around first, stop the engine and run <code>rapport demo</code>: it fills a data
        directory of its own with a simulated company.
      </p>
    </EmptyState>
  )
}

function HomeSkeleton() {
  return (
    <Page>
      <PageHeader title="Home" lead={<Skeleton height={20} width={320} />} />
      <Skeleton height={64} />
      <Skeleton height={190} />
      <Skeleton height={120} />
    </Page>
  )
}
