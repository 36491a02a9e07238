// Which value of a trait counts where sources disagree, and who may see which trait?
import { useQuery } from '@tanstack/react-query'
import { sourcesQuery, traitSettingsQuery } from '@/api/queries'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { ErrorState, Notice, Page, PageHeader, RelativeTime, Skeleton } from '@/kit'
import { countExact } from '@/kit/number'
import { TraitSettingsForm } from './TraitSettingsForm'

export function Traits() {
  return (
    <Page>
      <PageHeader
        title="Traits"
        lead="Which value counts where sources disagree, and who may see it. The other values are kept beside it, so a rule can be changed back at any time."
      />
      <Settings />
    </Page>
  )
}

function Settings() {
  const mayChange = useMay('change_traits')
  const settings = useQuery(traitSettingsQuery)
  const sources = useQuery(sourcesQuery)
  const failed = settings.error ?? sources.error
  if (failed) {
    return (
      <ErrorState
        what="The settings of traits could not be read"
        error={failed}
        onRetry={() => void Promise.all([settings.refetch(), sources.refetch()])}
      />
    )
  }
  if (!settings.data || !sources.data) return <Skeleton height={32} lines={6} />
  const { version, changed_at, changed_by, lists } = settings.data
  return (
    <>
      {lists && (
        <Notice tone="info">
          Customer pages show the rules at once. Lists and search are being written anew:{' '}
          {countExact(lists.n_done)} of {countExact(lists.n_total)} customers so far.
        </Notice>
      )}
      {!mayChange && <Notice tone="info">{whyNot('change_traits')}</Notice>}
      <TraitSettingsForm
        key={version}
        settings={settings.data}
        sources={sources.data.items}
        mayChange={mayChange}
      />
      {changed_at && (
        <p className="muted small">
          Version {version}, changed by {changed_by} <RelativeTime at={changed_at} />.
        </p>
      )}
    </>
  )
}
