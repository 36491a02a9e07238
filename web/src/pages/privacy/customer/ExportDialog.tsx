// In which form should they get what is known of them?
import { Button, Modal } from '@mantine/core'
import { exportPath } from '@/api/privacyQueries'
import { useNarrow } from '@/kit'
import classes from '../privacy.module.css'
import type { CustomerDialogProps } from './SuspendDialog'

export function ExportDialog({ opened, onClose, customerId, name }: CustomerDialogProps) {
  const narrow = useNarrow()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`What is known of ${name}`}
      size={560}
      fullScreen={narrow}
      closeButtonProps={{ 'aria-label': 'Close without exporting' }}
    >
      <div className={classes.form}>
        <p>
          Everything: who they are and why we think so, traits with everything that was ever said,
          consent with its evidence, orders, messages, and every single event. Nothing of it is kept
          here; that it was exported is in the audit log.
        </p>
        <ul className={classes.choices}>
          <li>
            <span>
              <strong>A page to read</strong>
              <span className="muted small">One file that opens in every browser, for people.</span>
            </span>
            <span className={classes.row}>
              <Button
                component="a"
                href={exportPath(customerId, 'html', true)}
                target="_blank"
                rel="noopener"
                variant="default"
              >
                Look at it
              </Button>
              <Button component="a" href={exportPath(customerId, 'html')} download>
                Download the page
              </Button>
            </span>
          </li>
          <li>
            <span>
              <strong>Data</strong>
              <span className="muted small">
                JSON, for programs: the same, to take along to somebody else.
              </span>
            </span>
            <Button component="a" href={exportPath(customerId, 'json')} download variant="default">
              Download the data
            </Button>
          </li>
        </ul>
      </div>
    </Modal>
  )
}
