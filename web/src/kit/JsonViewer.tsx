// What does this piece of JSON hold? Folded where it is long, read as text only.
import { useState, type ReactNode } from 'react'
import { CopyButton } from './CopyButton'
import { Icon } from './Icon'
import { counted } from './number'
import classes from './JsonViewer.module.css'

const OPEN_DEPTH = 2
const CHILDREN_SHOWN = 100

interface JsonViewerProps {
  value: unknown
  label: string
}

export function JsonViewer({ value, label }: JsonViewerProps) {
  return (
    <div className={classes.viewer} role="group" aria-label={label}>
      <div className={classes.copy}>
        <CopyButton text={JSON.stringify(value, null, 2) ?? ''} what={label} showWord />
      </div>
      <div className={classes.scroll} tabIndex={0}>
        <Node value={value} depth={0} />
      </div>
    </div>
  )
}

interface NodeProps {
  name?: string
  value: unknown
  depth: number
}

function Node({ name, value, depth }: NodeProps) {
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
    if (entries.length > 0) return <Branch name={name} value={value} depth={depth} />
  }
  return (
    <div className={classes.leaf}>
      <Key name={name} />
      <Scalar value={value} />
    </div>
  )
}

function Branch({ name, value, depth }: NodeProps & { value: object }) {
  const [open, setOpen] = useState(depth < OPEN_DEPTH)
  const [shown, setShown] = useState(CHILDREN_SHOWN)
  const entries = Object.entries(value)
  const isList = Array.isArray(value)
  const size = counted(entries.length, isList ? 'item' : 'field')
  return (
    <div>
      <button
        type="button"
        className={classes.toggle}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={12} />
        <Key name={name ?? (depth === 0 ? undefined : '')} />
        <span className={classes.size}>{isList ? `[${size}]` : `{${size}}`}</span>
      </button>
      {open && (
        <div className={classes.children}>
          {entries.slice(0, shown).map(([key, child]) => (
            <Node key={key} name={key} value={child} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <button
              type="button"
              className={classes.toggle}
              onClick={() => setShown(shown + CHILDREN_SHOWN)}
            >
              Show more ({entries.length - shown} left)
            </button>
          )}
        </div>
      )}
    </div>
  )
}

function Key({ name }: { name?: string }): ReactNode {
  if (!name) return null
  return <span className={classes.key}>{name}:</span>
}

function Scalar({ value }: { value: unknown }) {
  if (typeof value === 'string') return <span className={classes.string}>"{value}"</span>
  if (typeof value === 'number') return <span className={classes.number}>{String(value)}</span>
  return <span className={classes.word}>{JSON.stringify(value)}</span>
}
