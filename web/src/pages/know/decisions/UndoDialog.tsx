// What would be different if this decision were taken back, and is it really wanted?
import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { undoPreviewQuery } from '@/api/queries'
import type { DecisionPreview } from '@/api/types'
import { ErrorState, Notice, Skeleton, useNarrow } from '@/kit'
import { effectOf } from './ask'
import { BeforeAfter } from './BeforeAfter'
import { Conflicts } from './Conflicts'
import classes from './decisions.module.css'
import { useTakeBack } from './useDecide'

/** A decision that might be taken back, in words. */
export interface Undoing {
  id: string
  words: string
}

interface UndoDialogProps {
  undoing: Undoing | null
  /** The customer whose page this is. */
  page: string
  onClose: () => void
}

export function UndoDialog({ undoing, page, onClose }: UndoDialogProps) {
  const narrow = useNarrow()
  // What was asked last stays to be seen while the dialog goes away.
  const [last, setLast] = useState(undoing)
  if (undoing && undoing !== last) setLast(undoing)
  return (
    <Modal
      opened={undoing !== null}
      onClose={onClose}
      title="Take a decision back"
      size={840}
      fullScreen={narrow}
      closeButtonProps={{ 'aria-label': 'Close without taking it back' }}
    >
      {last && <UndoForm undoing={last} page={page} onClose={onClose} />}
    </Modal>
  )
}

function UndoForm({ undoing, page, onClose }: UndoDialogProps & { undoing: Undoing }) {
  const preview = useQuery(undoPreviewQuery(undoing.id))
  const takeBack = useTakeBack()
  const [busy, setBusy] = useState(false)
  const undo = async () => {
    setBusy(true)
    const landings = preview.data?.after.map((card) => card.id) ?? []
    await takeBack(undoing.id, { page, landings })
    setBusy(false)
    onClose()
  }
  return (
    <div className={classes.form}>
      <p className={classes.lead}>
        “{undoing.words}” should be as if it had never been decided. Whatever happened since stays
        with whom it belongs to then.
      </p>
      <div className={classes.preview} aria-live="polite">
        {preview.isPending && <Skeleton height={220} />}
        {preview.isError && (
          <ErrorState
            what="What would change could not be worked out"
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        )}
        {preview.data && <Effect preview={preview.data} page={page} />}
      </div>
      <div className={classes.buttons}>
        <Button disabled={!preview.isSuccess} loading={busy} onClick={() => void undo()}>
          Take it back
        </Button>
        <Button variant="default" onClick={onClose}>
          Leave it as it is
        </Button>
      </div>
    </div>
  )
}

const UNMOVED = 'Nobody would move: other links hold the same customers together.'

function Effect({ preview, page }: { preview: DecisionPreview; page: string }) {
  const effect = effectOf(preview, UNMOVED)
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
