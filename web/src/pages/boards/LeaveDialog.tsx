// You changed something and are about to go: shall it be lost?
import { Button, Modal } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import classes from './boards.module.css'

interface LeaveDialogProps {
  /** What was changed: "this board". */
  what: string
  when: () => boolean
}

/** Stands in the way of leaving the page while `when` says so. */
export function LeaveDialog({ what, when }: LeaveDialogProps) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && when(),
    enableBeforeUnload: when,
    withResolver: true,
  })
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      closeButtonProps={{ 'aria-label': 'Close and stay' }}
    >
      <p>What you changed about {what} is not saved yet.</p>
      <div className={classes.modalButtons}>
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          Leave and lose it
        </Button>
        <Button data-autofocus onClick={() => blocker.reset?.()}>
          Stay here
        </Button>
      </div>
    </Modal>
  )
}
