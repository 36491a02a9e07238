// Should this customer be deleted everywhere, for good?
import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { erasurePreviewQuery } from '@/api/privacyQueries'
import { ErrorState, Skeleton, useNarrow } from '@/kit'
import classes from '../privacy.module.css'
import { EraseForm } from './EraseForm'
import type { CustomerDialogProps } from './SuspendDialog'
import { WhatGoes } from './WhatGoes'

export function EraseDialog(props: CustomerDialogProps) {
  const narrow = useNarrow()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={`Erase ${props.name}`}
      size={720}
      fullScreen={narrow}
      closeButtonProps={{ 'aria-label': 'Close without erasing' }}
    >
      <Erasing {...props} />
    </Modal>
  )
}

function Erasing({ customerId, requestId, onClose }: CustomerDialogProps) {
  const preview = useQuery(erasurePreviewQuery(customerId))
  return (
    <div className={classes.form}>
      <div aria-live="polite">
        {preview.isPending && <Skeleton height={24} lines={6} />}
        {preview.isError && (
          <ErrorState
            what="What would go could not be worked out"
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        )}
        {preview.data && <WhatGoes preview={preview.data} />}
      </div>
      {preview.data && (
        <EraseForm customerId={customerId} requestId={requestId} onLeave={onClose} />
      )}
    </div>
  )
}
