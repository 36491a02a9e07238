// What does the definition say, condition by condition, and who looks at it?
import { Link } from '@tanstack/react-router'
import type { Segment } from '@/api/segmentTypes'
import { CodeBlock } from '@/kit'
import { countExact, counted } from '@/kit/number'
import { linesOf, nameOf } from '../builder/draft'
import classes from './page.module.css'

export function Meaning({ segment }: { segment: Segment }) {
  const { formula, definition } = segment
  if (!definition) {
    return segment.is_withheld ? (
      <p>It looks at traits that are withheld from you; so is what comes of them.</p>
    ) : (
      <p>A list: who is in it was said by name, one by one.</p>
    )
  }
  const lines = new Set(linesOf(definition.who).map((path) => nameOf(path)))
  const parts = segment.parts.filter(({ path }) => lines.has(path))
  return (
    <div className={classes.meaning}>
      {parts.length > 0 && (
        <table className={classes.parts}>
          <caption className="visually-hidden">How many fulfil each condition</caption>
          <thead>
            <tr>
              <th scope="col">Condition</th>
              <th scope="col">How many</th>
            </tr>
          </thead>
          <tbody>
            {parts.map(({ path, words, n }) => (
              <tr key={path}>
                <td>{words}</td>
                <td>{countExact(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <CodeBlock code={formula} label="Formula" wrap />
      <UsedBy segment={segment} />
    </div>
  )
}

function UsedBy({ segment: { used_by } }: { segment: Segment }) {
  const { segments, n_boards, n_hooks } = used_by
  const others = [
    n_boards > 0 && counted(n_boards, 'board'),
    n_hooks > 0 && counted(n_hooks, 'webhook'),
  ].filter(Boolean)
  if (segments.length === 0 && others.length === 0) {
    return <p className="muted small">No other segment, board or webhook looks at it.</p>
  }
  return (
    <p className="muted small">
      Looked at by{' '}
      {segments.map(({ key, name }, at) => (
        <span key={key}>
          {at > 0 && ', '}
          <Link to="/decide/segments/$key" params={{ key }}>
            {name}
          </Link>
        </span>
      ))}
      {segments.length > 0 && others.length > 0 && ', '}
      {others.join(', ')}.
    </p>
  )
}
