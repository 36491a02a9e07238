// How long are events kept, and what would go if that were changed?
import { useQuery } from '@tanstack/react-query'
import { retentionQuery } from '@/api/privacyQueries'
import type { RetentionRules } from '@/api/privacyTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { ErrorState, Notice, RelativeTime, Section, Skeleton } from '@/kit'
import { counted } from '@/kit/number'
import { PrivacyFrame } from './PrivacyFrame'
import classes from './privacy.module.css'
import { ruleWords } from './retentionDraft'
import { RetentionForm } from './RetentionForm'

export function Retention() {
  return (
    <PrivacyFrame
      title="Retention"
      lead="Events for which there is no rule are kept for ever. What is older than its rule allows is deleted by itself, for good."
    >
      <Found />
    </PrivacyFrame>
  )
}

function Found() {
  const mayChange = useMay('erase_customers')
  const retention = useQuery(retentionQuery)
  if (retention.isPending) return <Skeleton height={36} lines={5} />
  if (retention.isError) {
    return (
      <ErrorState
        what="The rules could not be read"
        error={retention.error}
        onRetry={() => void retention.refetch()}
      />
    )
  }
  return (
    <>
      {mayChange ? (
        <RetentionForm key={retention.data.version} saved={retention.data} />
      ) : (
        <ReadOnly saved={retention.data} />
      )}
      <LastRun saved={retention.data} />
    </>
  )
}

function ReadOnly({ saved }: { saved: RetentionRules }) {
  return (
    <div className={classes.form}>
      <Notice tone="info">{whyNot('erase_customers')}</Notice>
      {saved.rules.length === 0 ? (
        <p>Every event is kept for ever.</p>
      ) : (
        <ul className={classes.points}>
          {saved.rules.map((rule) => (
            <li key={ruleWords(rule)}>{ruleWords(rule)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

function LastRun({ saved }: { saved: RetentionRules }) {
  const { last_run, changed_at, changed_by } = saved
  if (!last_run && !changed_at) return null
  return (
    <Section title="What was done by these rules">
      {last_run ? (
        <p>
          Last <RelativeTime at={last_run.at} />: {counted(last_run.n_events, 'event')} deleted,{' '}
          {counted(last_run.n_files, 'file')} and{' '}
          {counted(last_run.n_log_entries, 'entry', 'entries')} of the log written anew.
        </p>
      ) : (
        <p className="muted">Nothing was deleted yet.</p>
      )}
      {changed_at && (
        <p className="muted small">
          Version {saved.version}, changed <RelativeTime at={changed_at} />
          {changed_by && (
            <>
              {' '}
              by <bdi>{changed_by}</bdi>
            </>
          )}
        </p>
      )}
    </Section>
  )
}
