// Which Rapport is this, and how does it stand?
import { useQuery } from '@tanstack/react-query'
import { aboutQuery } from '@/api/queries'
import type { About as AboutData } from '@/api/types'
import { ErrorState, Page, PageHeader, Skeleton } from '@/kit'
import { bytes, countExact } from '@/kit/number'
import { duration } from '@/kit/time'
import classes from './settings.module.css'

export function About() {
  const about = useQuery(aboutQuery)
  return (
    <Page width="reading">
      <PageHeader title="About" lead="This installation: its version, what it holds and where." />
      {about.isPending && <Skeleton height={24} lines={8} />}
      {about.isError && (
        <ErrorState
          what="The state of the installation could not be read"
          error={about.error}
          onRetry={() => void about.refetch()}
        />
      )}
      {about.data && <Facts about={about.data} />}
    </Page>
  )
}

function Facts({ about }: { about: AboutData }) {
  const { log, state, history } = about.data_dir_bytes
  const facts: [term: string, value: string][] = [
    ['Version', [about.version, about.commit && `(${about.commit})`].filter(Boolean).join(' ')],
    ['Running for', duration(about.uptime_seconds * 1000)],
    ['Customers', countExact(about.n_customers)],
    ['Events', countExact(about.n_events)],
    ['Log', `${about.log.kind}, ${bytes(log)}`],
    ['State', `${about.state.kind}, ${bytes(state)}`],
    ['History', `${about.history.kind}, ${bytes(history)}`],
    ['Free on the disk', bytes(about.disk_free_bytes)],
    ['IP addresses of new sources', about.store_ip_default ? 'kept' : 'dropped'],
  ]
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">
        The API is described at{' '}
        <a href="/api/openapi.json" data-inline-link>
          /api/openapi.json
        </a>
        . Rapport is free software under the Apache License 2.0.
      </p>
    </>
  )
}
