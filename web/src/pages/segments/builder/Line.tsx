// How does one condition stand in the sentence: its words, its own size, what can be done with it?
import type { ReactNode } from 'react'
import type { Node } from '@/api/definitionTypes'
import { countExact, counted } from '@/kit/number'
import { fieldWords } from '@/kit/chart/words'
import { FieldPart } from '@/pages/ask/sentence/FieldPart'
import { CriterionSentence } from './CriterionSentence'
import { useDraft } from './DraftContext'
import { changed, deniedBy, isGroup, joined, nameOf, type Path } from './draft'
import { GroupLines, JointPart } from './GroupLines'
import { LineMenu } from './LineMenu'
import { jointWords } from './words'
import classes from './builder.module.css'

interface LineProps {
  node: Node
  path: Path
  /** Its place in its group, and how many there are. */
  at: number
  n: number
  within?: 'same'
  /** "and", before all but the first. */
  between: ReactNode
}

export function Line(props: LineProps) {
  const { node, path, between } = props
  const { edit } = useDraft()
  const denied = deniedBy(node)
  const isDenied = denied !== null && !isGroup(denied)
  const shown = isDenied ? denied : node
  const own: Path = isDenied ? [...path, 0] : path
  const put = (next: Node) => edit((root) => changed(root, own, () => next))
  return (
    <li className={classes.line} data-group={isGroup(shown) || shown.is === 'same' || undefined}>
      <div className={classes.says}>
        {between && <span className={classes.between}>{between} </span>}
        {isGroup(shown) ? (
          <JointPart
            joint={shown.is}
            words={jointWords[shown.is].lead}
            onChange={(is) => edit((root) => joined(root, own, is))}
          />
        ) : shown.is === 'same' ? (
          <>
            {isDenied && 'are not customers who, '}for one and the same{' '}
            <FieldPart
              words={fieldWords(shown.label.field)}
              label="Change what must be the same"
              event={firstEvent(shown.who)}
              chosen={shown.label.field}
              onChange={(field) => field && put({ ...shown, label: { field, view: 'whole' } })}
            />
          </>
        ) : (
          <CriterionSentence criterion={shown} denied={isDenied} onChange={put} />
        )}
        {(isGroup(shown) || shown.is === 'same') && ':'}
      </div>
      <Size path={path} />
      <LineMenu {...props} isGroup={isGroup(shown)} />
      {isGroup(shown) && (
        <GroupLines
          node={shown}
          path={own}
          label="Conditions of this group"
          within={props.within}
        />
      )}
      {shown.is === 'same' && (
        <GroupLines
          node={shown.who}
          path={[...own, 'who']}
          label="What has to hold for the same one"
          within="same"
        />
      )}
    </li>
  )
}

/** How many fulfil this one condition, whatever the others say. */
function Size({ path }: { path: Path }) {
  const { sizes, isOld } = useDraft()
  const n = sizes.get(nameOf(path))
  // Inside of "the same" no condition has a size of its own.
  if (n === undefined) return <span className={classes.size} />
  return (
    <span
      className={classes.size}
      data-old={isOld || undefined}
      title={`${counted(n, 'customer')} fulfil this one condition`}
    >
      {countExact(n)}
      <span className="visually-hidden">{n === 1 ? ' fulfils this' : ' fulfil this'}</span>
    </span>
  )
}

/** The first event that a condition names: its properties are offered first. */
function firstEvent(node: Node): string | undefined {
  if (isGroup(node)) return node.of.map(firstEvent).find(Boolean)
  switch (node.is) {
    case 'behaviour':
    case 'value':
      return node.events.events[0]
    case 'in_order':
      return node.steps[0]?.events[0]
    case 'not_followed':
      return node.first.events[0]
    case 'same':
      return firstEvent(node.who)
    default:
      return undefined
  }
}
