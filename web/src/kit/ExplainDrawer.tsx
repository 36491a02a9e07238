// Where does this number come from? Words first, then n, window and freshness.
import { Drawer } from '@mantine/core'
import { CopyButton } from './CopyButton'
import { absolute, viewerZone } from './time'
import { RelativeTime } from './RelativeTime'
import classes from './ExplainDrawer.module.css'

export interface Explanation {
  /** The definition in words. */
  definition: string
  /** Over how many what it was computed: "12,431 events". */
  n?: string
  window?: string
  freshness?: string
  /** What was left out, and why. */
  leftOut?: string
  formula?: string
}

interface ExplainDrawerProps {
  opened: boolean
  onClose: () => void
  label: string
  value: string
  explanation: Explanation
}

export function ExplainDrawer({ opened, onClose, label, value, explanation }: ExplainDrawerProps) {
  const { definition, n, window, freshness, leftOut, formula } = explanation
  const asText = [
    `${label}: ${value.trim()}`,
    definition,
    n && `Over ${n}`,
    window && `Window: ${window} (${viewerZone})`,
    freshness && `As of ${absolute(new Date(freshness))}`,
    leftOut && `Left out: ${leftOut}`,
  ]
    .filter(Boolean)
    .join('\n')
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={400}
      title={label}
      closeButtonProps={{ 'aria-label': 'Close the explanation' }}
    >
      <div className={classes.value}>
        <span>{value}</span>
        <CopyButton text={asText} what="this figure as text" showWord />
      </div>
      <p>{definition}</p>
      <dl className={classes.facts}>
        {n && <Fact term="Counted over">{n}</Fact>}
        {window && (
          <Fact term="Window">
            {window} <span className="muted">({viewerZone})</span>
          </Fact>
        )}
        {freshness && (
          <Fact term="As of">
            <RelativeTime at={freshness} />
          </Fact>
        )}
        {leftOut && <Fact term="Left out">{leftOut}</Fact>}
        {formula && (
          <Fact term="Formula">
            <code>{formula}</code>
          </Fact>
        )}
      </dl>
    </Drawer>
  )
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
