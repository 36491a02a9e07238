// What would the first rows become, which would be refused, and why?
import type { UseQueryResult } from '@tanstack/react-query'
import type { UploadPreview } from '@/api/types'
import { ErrorState, Notice, Section, Skeleton } from '@/kit'
import { countExact, counted } from '@/kit/number'
import classes from './import.module.css'
import { PreviewEvents } from './PreviewEvents'
import { flawWords, previewSentence } from './previewWords'

interface PreviewProps {
  preview: UseQueryResult<UploadPreview>
  /** Whether it is of the mapping as it stands now. */
  isCurrent: boolean
}

export function Preview({ preview, isCurrent }: PreviewProps) {
  return (
    <Section
      title="What it will become"
      aside={!isCurrent && preview.data ? 'Trying again…' : null}
    >
      <div className={classes.preview} aria-live="polite" data-old={!isCurrent || undefined}>
        {preview.isPending && <Skeleton height={48} lines={5} />}
        {preview.isError && (
          <ErrorState
            what="The rows could not be tried"
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        )}
        {preview.data && <Tried preview={preview.data} />}
      </div>
    </Section>
  )
}

function Tried({ preview }: { preview: UploadPreview }) {
  if (preview.flaw) return <Notice tone="bad">Not yet: {flawWords(preview.flaw)}</Notice>
  return (
    <>
      <p className={classes.sentence}>{previewSentence(preview)}</p>
      {preview.rejects.length > 0 && <Refused preview={preview} />}
      {preview.events.length > 0 && <PreviewEvents events={preview.events} />}
    </>
  )
}

function Refused({ preview }: { preview: UploadPreview }) {
  const { rejects, n_rejected } = preview
  const n_more = n_rejected - rejects.length
  return (
    <section className={classes.refused} aria-label="Rows that will be refused">
      <h3>{counted(n_rejected, 'row')} will be refused</h3>
      <p className="muted small">
        Everything else is imported. After the import these rows can be downloaded, mended and
        brought in by the same mapping.
      </p>
      <ul className={classes.rejects}>
        {rejects.map((reject) => (
          <li key={reject.row}>
            <span className={classes.rowNumber}>row {countExact(reject.row)}</span>
            <span>
              {reject.column && (
                <>
                  <code>{reject.column}</code>:{' '}
                </>
              )}
              {reject.reason}
              {reject.cells.length > 0 && (
                <span className={classes.cells}>
                  <bdi>{reject.cells.filter(Boolean).join(' · ')}</bdi>
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {n_more > 0 && <p className="muted small">and {countExact(n_more)} more</p>}
    </section>
  )
}
