// Which keys are there?
import { Modal } from '@mantine/core'
import type { Shortcut } from './keys'
import classes from './ShortcutsOverlay.module.css'

const tableKeys = [
  { keys: '↓ ↑', does: 'Walk through the rows of a table (also j and k)' },
  { keys: 'Enter', does: 'Open the row' },
  { keys: 'Esc', does: 'Close what is open' },
]

interface ShortcutsOverlayProps {
  opened: boolean
  onClose: () => void
  shortcuts: Shortcut[]
}

export function ShortcutsOverlay({ opened, onClose, shortcuts }: ShortcutsOverlayProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keys"
      size="md"
      closeButtonProps={{ 'aria-label': 'Close the list of keys' }}
    >
      <dl className={classes.list}>
        {[...shortcuts, ...tableKeys].map(({ keys, does }) => (
          <div key={keys} className={classes.item}>
            <dt>{does}</dt>
            <dd>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key === 'ctrl' ? 'Ctrl' : key === 'k' ? 'K' : key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
