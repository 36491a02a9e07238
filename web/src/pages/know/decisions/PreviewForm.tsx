// What would be different if this were decided, why is it decided, and is it really wanted?
import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { decisionPreviewQuery } from '@/api/queries'
import type { DecisionPreview } from '@/api/types'
import { described, ErrorState, Notice, Skeleton } from '@/kit'
import type { Ask } from './ask'
import { effectOf } from './ask'
import { BeforeAfter } from './BeforeAfter'
import { Conflicts } from './Conflicts'
import classes from './decisions.module.css'
import { useDecide } from './useDecide'

const REASON_CHARS_MAX = 500

interface PreviewFormProps {
  ask: Ask
  /** The customer whose page this is. */
  page: string
  onDone: () => void
  /** What the way out says, and where it leads. */
  leave: { words: string; run: () => void }
}

export function PreviewForm({ ask, page, onDone, leave }: PreviewFormProps) {
  const [reason, setReason] = useState('')
  const preview = useQuery(decisionPreviewQuery(ask.wish))
  const decide = useDecide(page, onDone)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (preview.data && !decide.isPending) decide.mutate({ ask, reason, preview: preview.data })
  }

  return (
    <form onSubmit={submit} className={classes.form}>
      <p className={classes.lead}>{ask.lead}</p>
      <div className={classes.preview} aria-live="polite">
        {preview.isPending && <Skeleton height={220} />}
        {preview.isError && (
          <ErrorState
            what="What would change could not be worked out"
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        )}
        {preview.data && <Effect preview={preview.data} ask={ask} page={page} />}
      </div>
      <Textarea
        label="Why"
        description="For those who ask later. May be left empty."
        rows={2}
        maxLength={REASON_CHARS_MAX}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {decide.isError && <Refusal error={decide.error} />}
      <div className={classes.buttons}>
        <Button type="submit" disabled={!preview.isSuccess} loading={decide.isPending}>
          {ask.act}
        </Button>
        <Button variant="default" onClick={leave.run}>
          {leave.words}
        </Button>
      </div>
    </form>
  )
}

function Effect({ preview, ask, page }: { preview: DecisionPreview; ask: Ask; page: string }) {
  const effect = effectOf(preview, ask.unmoved)
  return (
    <>
      {preview.is_without_effect ? (
        <Notice tone="info">{effect}</Notice>
      ) : (
        <p className={classes.effect}>{effect}</p>
      )}
      <BeforeAfter preview={preview} page={page} />
      {preview.conflicts.length > 0 && <Conflicts preview={preview} />}
    </>
  )
}

function Refusal({ error }: { error: Error }) {
  const { message, hint } = described(error)
  return (
    <Notice tone="bad">
      <p>{message}</p>
      {hint && <p>{hint}</p>}
    </Notice>
  )
}
