// Where does this number come from? Words first, then n, window and freshness.
import { Drawer } from '@mantine/core'
import type { ReactNode } from 'react'
import { CodeBlock } from './CodeBlock'
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
  /** The time zone of days and weeks, where it is not the viewer's. */
  zone?: string
  /** Up to which entry of the log. */
  through?: string
  /** Which version of the definition this is. */
  version?: string
  /** The same question, to be asked of the tables. */
  sql?: string
  /** What else one may do with the SQL. */
  sqlAside?: ReactNode
}

interface ExplainDrawerProps {
  opened: boolean
  onClose: () => void
  label: string
  value: string
  /** The value is a sentence, not a number. */
  isSentence?: boolean
  explanation: Explanation
}

export function ExplainDrawer(props: ExplainDrawerProps) {
  const { opened, onClose, label, value, isSentence, explanation } = props
  const { definition, n, window, freshness, leftOut, formula } = explanation
  const zone = explanation.zone ?? viewerZone
  const asText = [
    `${label}: ${value.trim()}`,
    definition,
    n && `Over ${n}`,
    window && `Window: ${window} (${zone})`,
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
      size={explanation.sql ? 560 : 400}
      title={label}
      closeButtonProps={{ 'aria-label': 'Close the explanation' }}
    >
      <div className={classes.value} data-sentence={isSentence || undefined}>
        <span>{value}</span>
        <CopyButton text={asText} what="this figure as text" showWord />
      </div>
      <p>{definition}</p>
      <dl className={classes.facts}>
        {n && <Fact term="Counted over">{n}</Fact>}
        {window && (
          <Fact term="Window">
            {window} <span className="muted">({zone})</span>
          </Fact>
        )}
        {freshness && (
          <Fact term="As of">
            <RelativeTime at={freshness} />
            {explanation.through && (
              <span className="muted"> (up to entry {explanation.through} of the log)</span>
            )}
          </Fact>
        )}
        {leftOut && <Fact term="Left out">{leftOut}</Fact>}
        {formula && (
          <Fact term="Formula">
            <code>{formula}</code>
          </Fact>
        )}
        {explanation.version && <Fact term="Definition">{explanation.version}</Fact>}
      </dl>
      {explanation.sql && <CodeBlock code={explanation.sql} label="SQL" wrap />}
      {explanation.sqlAside}
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
