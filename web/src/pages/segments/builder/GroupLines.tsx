// Which conditions stand under each other, and how do they go together?
import type { Joint, Node } from '@/api/definitionTypes'
import { PickPart } from '@/pages/ask/sentence/PickPart'
import { useDraft } from './DraftContext'
import { added, deniedBy, isGroup, joined, type Path } from './draft'
import { Line } from './Line'
import { NewConditionPart } from './NewCondition'
import { jointWords } from './words'
import classes from './builder.module.css'

interface GroupLinesProps {
  node: Node
  path: Path
  /** What the list holds, for those who do not see it. */
  label: string
  /** Conditions that may stand here: inside of "the same" only what events come to. */
  within?: 'same'
}

/** A group with its conditions; a single condition is a list of one. */
export function GroupLines({ node, path, label, within }: GroupLinesProps) {
  const { edit } = useDraft()
  const isList = isGroup(node) && !(path.length === 0 && isDenial(node))
  const items = isList ? node.of : [node]
  const joint: Joint = isList ? node.is : 'all'
  return (
    <ul className={classes.lines} aria-label={label}>
      {items.map((item, at) => (
        <Line
          key={at}
          node={item}
          path={isList ? [...path, at] : path}
          within={within}
          at={at}
          n={items.length}
          between={
            at > 0 && (
              <JointPart
                joint={joint}
                onChange={(is) => edit((root) => joined(root, path, is))}
                words={jointWords[joint].between}
              />
            )
          }
        />
      ))}
      <li className={classes.addLine}>
        <NewConditionPart
          words={items.length === 0 ? 'who…' : `${jointWords[joint].between}…`}
          within={within}
          onAdd={(next) => edit((root) => added(root, path, next))}
        />
      </li>
    </ul>
  )
}

/** "Not A" alone at the root is a condition, and no group. */
const isDenial = (node: Node) => {
  const denied = deniedBy(node)
  return denied !== null && !isGroup(denied)
}

interface JointPartProps {
  joint: Joint
  words: string
  onChange: (joint: Joint) => void
}

const joints: Joint[] = ['all', 'any', 'none']

/** "and", "or", "nor": how conditions of one group go together. */
export function JointPart({ joint, words, onChange }: JointPartProps) {
  return (
    <PickPart
      label="Change how these go together"
      words={words}
      choices={joints.map((key) => ({ key, words: jointWords[key].choice }))}
      chosen={joint}
      onChange={onChange}
    />
  )
}
