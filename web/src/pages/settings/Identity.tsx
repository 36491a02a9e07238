// Which evidence makes two identifiers one customer, and what would other rules change?
import { useQuery } from '@tanstack/react-query'
import { identitySettingsQuery } from '@/api/queries'
import type { IdentityVersion } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { ErrorState, Notice, Page, PageHeader, RelativeTime, Section, Skeleton } from '@/kit'
import { countExact, counted } from '@/kit/number'
import { IdentityForm } from './IdentityForm'
import classes from './settings.module.css'

export function Identity() {
  return (
    <Page>
      <PageHeader
        title="Identity"
        lead="Which evidence makes two identifiers one customer. Every change judges every link anew, and can be changed back: no link is ever lost."
      />
      <Settings />
    </Page>
  )
}

function Settings() {
  const mayChange = useMay('change_traits')
  const settings = useQuery(identitySettingsQuery)
  if (settings.isError) {
    return (
      <ErrorState
        what="The rules of identity could not be read"
        error={settings.error}
        onRetry={() => void settings.refetch()}
      />
    )
  }
  if (!settings.data) return <Skeleton height={32} lines={8} />
  const { rules, versions } = settings.data
  return (
    <>
      {!mayChange && <Notice tone="info">{whyNot('change_traits')}</Notice>}
      <IdentityForm key={rules.version} settings={settings.data} mayChange={mayChange} />
      <Section title="Versions">
        <ul className={classes.lines}>
          {versions.map((version) => (
            <Version key={version.version} version={version} />
          ))}
        </ul>
      </Section>
    </>
  )
}

function Version({ version }: { version: IdentityVersion }) {
  const { changed_by, changed_at, n_links_turned, n_identifiers_moved } = version
  return (
    <li className={classes.who}>
      <span className={classes.name}>Version {version.version}</span>
      <span className={classes.sub}>
        <span>
          {changed_by}, <RelativeTime at={changed_at} />
        </span>
        <span>
          {n_links_turned === 0
            ? 'no link judged otherwise'
            : `${counted(n_links_turned, 'link')} judged otherwise, ${countExact(n_identifiers_moved)} of the identifiers moved`}
        </span>
      </span>
    </li>
  )
}
