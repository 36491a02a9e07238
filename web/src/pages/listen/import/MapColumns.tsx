// What does each column mean, and what would the rows become?
import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { isNotFound } from '@/api/client'
import { uploadLookQuery, uploadPreviewQuery } from '@/api/importQueries'
import type { ImportMapping, ImportShape, UploadLook } from '@/api/types'
import { EmptyState, ErrorState, QuietButton, Section, Skeleton } from '@/kit'
import { ColumnsTable } from './ColumnsTable'
import { DownloadMapping } from './DownloadMapping'
import { Duplicates } from './Duplicates'
import { FoundOut } from './FoundOut'
import classes from './import.module.css'
import { MappingDetails } from './MappingDetails'
import { Preview } from './Preview'

const SETTLE_MS = 350

interface MapColumnsProps {
  uploadId: string
  onBack: () => void
  onReady: () => void
}

export function MapColumns(props: MapColumnsProps) {
  const [shape, setShape] = useState<ImportShape | undefined>(undefined)
  const look = useQuery(uploadLookQuery(props.uploadId, shape))
  const isOld = !look.isFetchedAfterMount && !look.isPlaceholderData
  if (look.isPending || (isOld && !look.isError)) return <Skeleton height={36} lines={8} />
  if (look.isError) {
    return isNotFound(look.error) ? (
      <EmptyState
        icon="upload"
        title="This file is not here any more"
        action={<Button onClick={props.onBack}>Choose a file</Button>}
      >
        It was imported, deleted, or belongs to somebody else.
      </EmptyState>
    ) : (
      <ErrorState
        what="The file could not be looked at"
        error={look.error}
        onRetry={() => void look.refetch()}
      />
    )
  }
  // Another shape is another proposal: everything begins anew when it is there.
  return (
    <Mapped
      key={look.data.shape}
      {...props}
      look={look.data}
      isAnew={shape !== undefined}
      onShape={setShape}
    />
  )
}

interface MappedProps extends MapColumnsProps {
  look: UploadLook
  /** Another shape was chosen: what was tried before is of another one. */
  isAnew: boolean
  onShape: (shape: ImportShape) => void
}

function Mapped({ uploadId, look, isAnew, onShape, onBack, onReady }: MappedProps) {
  const [mapping, setMapping] = useState<ImportMapping>(
    () => (isAnew ? null : look.tried) ?? look.proposed,
  )
  const [settled] = useDebouncedValue(mapping, SETTLE_MS)
  const preview = useQuery(uploadPreviewQuery(uploadId, settled))
  const isCurrent = settled === mapping && preview.isSuccess && !preview.isPlaceholderData
  const canRun = isCurrent && preview.data.flaw === null && preview.data.n_events > 0
  const isChanged = mapping !== look.proposed
  return (
    <>
      <FoundOut look={look} onShape={onShape} />
      {look.shape !== 'segment_events' && (
        <Section
          title="What each column means"
          aside={
            isChanged && (
              <QuietButton onClick={() => setMapping(look.proposed)}>
                Back to what was proposed
              </QuietButton>
            )
          }
        >
          <ColumnsTable look={look} mapping={mapping} onChange={setMapping} />
        </Section>
      )}
      <MappingDetails look={look} mapping={mapping} onChange={setMapping} />
      <Preview preview={preview} isCurrent={isCurrent} />
      {preview.data?.flaw === null && preview.data.n_events > 0 && (
        <Duplicates uploadId={uploadId} mapping={settled} />
      )}
      <div className={classes.row}>
        <Button
          disabled={!canRun}
          title={canRun ? undefined : 'The preview must show at least one event first'}
          onClick={onReady}
        >
          Go on to the import
        </Button>
        <DownloadMapping name={mapping.name} text={preview.data?.mapping_file ?? null} />
        <Button variant="default" onClick={onBack}>
          Choose another file
        </Button>
      </div>
    </>
  )
}
