// Where is something decided about a link or an identifier? In a dialog that shows the effect first.
import { Modal } from '@mantine/core'
import { useState } from 'react'
import { useNarrow } from '@/kit'
import type { Ask } from './ask'
import { PreviewForm } from './PreviewForm'

interface DecisionDialogProps {
  /** What is asked; null while nothing is. */
  ask: Ask | null
  /** The customer whose page this is. */
  page: string
  onClose: () => void
}

export function DecisionDialog({ ask, page, onClose }: DecisionDialogProps) {
  const narrow = useNarrow()
  // What was asked last stays to be seen while the dialog goes away.
  const [last, setLast] = useState(ask)
  if (ask && ask !== last) setLast(ask)
  return (
    <Modal
      opened={ask !== null}
      onClose={onClose}
      title={last?.title}
      size={840}
      fullScreen={narrow}
      closeButtonProps={{ 'aria-label': 'Close without deciding' }}
    >
      {last && (
        <PreviewForm
          ask={last}
          page={page}
          onDone={onClose}
          leave={{ words: 'Leave it as it is', run: onClose }}
        />
      )}
    </Modal>
  )
}
