// What would be deleted by these rules, now and from now on; and is that wanted?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { retentionPreviewQuery } from '@/api/privacyQueries'
import type { RetentionPreview, RetentionRule } from '@/api/privacyTypes'
import { ErrorState, Notice, RelativeTime, Skeleton } from '@/kit'
import { countExact, counted, share } from '@/kit/number'
import classes from './privacy.module.css'
import { ruleWords } from './retentionDraft'

interface RetentionEffectProps {
  rules: RetentionRule[]
  /** Whether the rules are those that stand in the form now. */
  isCurrent: boolean
  busy: boolean
  onSave: () => void
  onLeave: () => void
}

export function RetentionEffect({ rules, isCurrent, busy, onSave, onLeave }: RetentionEffectProps) {
  const preview = useQuery(retentionPreviewQuery(rules))
  const isReady = isCurrent && preview.isSuccess && !preview.isPlaceholderData
  return (
    <section aria-label="What would change" className={classes.effect}>
      <div aria-live="polite">
        {preview.isPending && <Skeleton height={20} lines={3} />}
        {preview.isError && (
          <ErrorState
            what="What would go could not be worked out"
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        )}
        {preview.data && <Effect preview={preview.data} />}
      </div>
      <div className={classes.row}>
        <Button
          className={preview.data && preview.data.n_events_go > 0 ? classes.danger : undefined}
          disabled={!isReady}
          loading={busy}
          onClick={onSave}
        >
          {saveWords(isReady ? preview.data : undefined)}
        </Button>
        <Button variant="default" onClick={onLeave}>
          Leave the rules as they are
        </Button>
      </div>
    </section>
  )
}

function saveWords(preview: RetentionPreview | undefined): string {
  if (!preview || preview.n_events_go === 0) return 'Put these rules in force'
  return `Put them in force and delete ${counted(preview.n_events_go, 'event')}`
}

function Effect({ preview }: { preview: RetentionPreview }) {
  const { n_events_go, n_events_now, rules } = preview
  return (
    <div className={classes.form}>
      {n_events_go > 0 ? (
        <Notice tone="warn">
          {counted(n_events_go, 'event')} of {countExact(n_events_now)} (
          {share(n_events_go, n_events_now)}) are older than these rules allow. They are deleted for
          good, here and from the history of their customers.
        </Notice>
      ) : (
        <p>Nothing is older than these rules allow: nothing goes now.</p>
      )}
      <ul className={classes.points}>
        {rules.map((rule) => (
          <li key={ruleWords(rule)}>
            {ruleWords(rule)}.{' '}
            <span className="muted">
              {rule.n_go > 0 ? `${counted(rule.n_go, 'event')} would go` : 'Nothing would go'}
              {rule.oldest_at && (
                <>
                  , the oldest of <RelativeTime at={rule.oldest_at} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
