// Is it right to start, how far is it, and how did it go?
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { isNotFound } from '@/api/client'
import { importQuery, uploadLookQuery, uploadPreviewQuery } from '@/api/importQueries'
import { useLive } from '@/api/live'
import type { Import, ImportMapping, UploadLook } from '@/api/types'
import { described, EmptyState, ErrorState, Notice, Section, Skeleton } from '@/kit'
import { bytes } from '@/kit/number'
import classes from './import.module.css'
import { ImportOutcome } from './ImportOutcome'
import { flawWords, previewSentence } from './previewWords'
import { useStartImport } from './useStartImport'

const LOOK_MS = 2_000

interface RunImportProps {
  uploadId: string | undefined
  importId: string | undefined
  onBack: () => void
  onRuns: (importId: string) => void
}

export function RunImport(props: RunImportProps) {
  const { uploadId, importId } = props
  if (importId) return <UnderWay importId={importId} />
  return uploadId ? <Before {...props} uploadId={uploadId} /> : null
}

/** Nothing has happened yet: the last look before it does. */
function Before({ uploadId, onBack, onRuns }: RunImportProps & { uploadId: string }) {
  const look = useQuery(uploadLookQuery(uploadId, undefined))
  if (look.isPending || (!look.isFetchedAfterMount && !look.isError)) {
    return <Skeleton height={24} lines={4} />
  }
  if (look.isError) {
    return isNotFound(look.error) ? (
      <EmptyState icon="upload" title="This file is not here any more">
        It was imported or deleted. <Link to="/listen/imports">All imports</Link>
      </EmptyState>
    ) : (
      <ErrorState
        what="The file could not be looked at"
        error={look.error}
        onRetry={() => void look.refetch()}
      />
    )
  }
  const mapping = look.data.tried ?? look.data.proposed
  return <Ready look={look.data} mapping={mapping} onBack={onBack} onRuns={onRuns} />
}

interface ReadyProps {
  look: UploadLook
  mapping: ImportMapping
  onBack: () => void
  onRuns: (importId: string) => void
}

function Ready({ look, mapping, onBack, onRuns }: ReadyProps) {
  const { upload } = look
  const preview = useQuery(uploadPreviewQuery(upload.id, mapping))
  const start = useStartImport(onRuns)
  return (
    <Section title="Ready to import">
      <div className={classes.ready}>
        <p>
          <strong className={classes.fileName}>{upload.file_name}</strong>, {bytes(upload.n_bytes)},
          under the name “{mapping.name}”.
        </p>
        {preview.isPending && <Skeleton height={20} />}
        {preview.data && (
          <p>{preview.data.flaw ? flawWords(preview.data.flaw) : previewSentence(preview.data)}</p>
        )}
        <p className="muted">
          It can be stopped at any time and goes on where it was. What has come in stays: events are
          never taken back, but a customer can be erased. When all rows are in, the uploaded file is
          deleted.
        </p>
        {start.isError && <Notice tone="bad">{described(start.error).message}</Notice>}
        <div className={classes.row}>
          <Button
            loading={start.isPending}
            onClick={() => start.mutate({ uploadId: upload.id, mapping })}
          >
            Import all rows
          </Button>
          <Button variant="default" onClick={onBack}>
            Back to the columns
          </Button>
        </div>
      </div>
    </Section>
  )
}

function UnderWay({ importId }: { importId: string }) {
  const client = useQueryClient()
  const { queryKey } = importQuery(importId)
  // A short import may have ended before the stream is open: it is asked now and then as well.
  const item = useQuery({
    ...importQuery(importId),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LOOK_MS : false),
  })
  useLive(
    '/api/imports/stream',
    {
      import: (data) => {
        const changed = data as Import
        if (changed.id === importId) client.setQueryData(queryKey, changed)
      },
    },
    () => void client.invalidateQueries({ queryKey }),
  )
  if (item.isPending) return <Skeleton height={24} lines={4} />
  if (item.isError) {
    return (
      <ErrorState
        what="The import could not be read"
        error={item.error}
        onRetry={() => void item.refetch()}
      />
    )
  }
  return <ImportOutcome item={item.data} />
}
