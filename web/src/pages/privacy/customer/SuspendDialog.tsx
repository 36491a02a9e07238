// Should nothing be done with this customer until something is clarified?
import { Button, Modal, Textarea } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { described, Notice, useNarrow } from '@/kit'
import classes from '../privacy.module.css'
import { useSuspend } from './useSuspend'

const REASON_CHARS_MAX = 500

export interface CustomerDialogProps {
  opened: boolean
  onClose: () => void
  customerId: string
  name: string
  /** The request that this answers. */
  requestId?: string
}

export function SuspendDialog(props: CustomerDialogProps) {
  const narrow = useNarrow()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={`Suspend ${props.name}`}
      size={560}
      fullScreen={narrow}
      closeButtonProps={{ 'aria-label': 'Close without suspending' }}
    >
      <SuspendForm {...props} />
    </Modal>
  )
}

function SuspendForm({ customerId, requestId, onClose }: CustomerDialogProps) {
  const [reason, setReason] = useState('')
  const suspend = useSuspend(customerId, onClose)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    suspend.mutate({ reason: reason.trim(), requestId: requestId ?? null })
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <ul className={classes.points}>
        <li>Everything that is known stays as it is, and goes on arriving.</li>
        <li>They are left out of lists, and may not be written to.</li>
        <li>It can be taken back at any time.</li>
      </ul>
      <Textarea
        label="Why"
        description="For those who ask later."
        rows={2}
        required
        withAsterisk={false}
        maxLength={REASON_CHARS_MAX}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {suspend.isError && <Notice tone="bad">{described(suspend.error).message}</Notice>}
      <div className={classes.row}>
        <Button type="submit" loading={suspend.isPending} disabled={reason.trim() === ''}>
          Suspend this customer
        </Button>
        <Button variant="default" onClick={onClose}>
          Leave it as it is
        </Button>
      </div>
    </form>
  )
}
