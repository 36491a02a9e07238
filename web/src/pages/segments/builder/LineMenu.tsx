// What can be done with a whole condition? Turned round, moved, put into a group, left out.
import { Menu } from '@mantine/core'
import type { Node } from '@/api/definitionTypes'
import { Icon, type IconName } from '@/kit'
import { useDraft } from './DraftContext'
import {
  contrary,
  deniedBy,
  doubled,
  grouped,
  isGroup as isGroupNode,
  lifted,
  moved,
  nodeAt,
  removed,
  turned,
  type Path,
} from './draft'
import classes from './builder.module.css'

interface LineMenuProps {
  node: Node
  path: Path
  at: number
  n: number
  isGroup: boolean
}

export function LineMenu({ node, path, at, n, isGroup }: LineMenuProps) {
  const { root, edit } = useDraft()
  const parent = nodeAt(root, path.slice(0, -1))
  const isInList = typeof path.at(-1) === 'number' && parent !== undefined && isGroupNode(parent)
  const canLift = isInList && typeof path.at(-2) === 'number'
  const item = (icon: IconName, words: string, change: (root: Node) => Node) => (
    <Menu.Item leftSection={<Icon name={icon} size={14} />} onClick={() => edit(change)}>
      {words}
    </Menu.Item>
  )
  const isDenied = deniedBy(node) !== null || contrary(node).is === 'any'
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <button
          type="button"
          className={classes.menu}
          aria-label={`What else to do with ${isGroup ? 'this group' : 'this condition'}, ${at + 1} of ${n}`}
        >
          <Icon name="ellipsis" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {item('ban', isDenied ? 'Take the “not” away' : 'Turn it into its contrary', (tree) =>
          turned(tree, path),
        )}
        {item('list', 'Put it into a group: this or…', (tree) => grouped(tree, path, 'any'))}
        {canLift && item('undo-2', 'Take it out of the group', (tree) => lifted(tree, path))}
        {isInList && item('copy', 'Double it', (tree) => doubled(tree, path))}
        {isInList && at > 0 && item('arrow-up', 'Move it up', (tree) => moved(tree, path, -1))}
        {isInList &&
          at < n - 1 &&
          item('arrow-down', 'Move it down', (tree) => moved(tree, path, 1))}
        {item('trash', isGroup ? 'Leave the group out' : 'Leave it out', (tree) =>
          removed(tree, path),
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
