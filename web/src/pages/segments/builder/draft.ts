// How is the tree of conditions changed, one place at a time, everything else staying as it is?
import type { Group, Joint, Node } from '@/api/definitionTypes'

/** The way from the root to a condition: which one of a group, or what is inside of "the same". */
export type Path = readonly (number | 'who')[]

export const everybody: Group = { is: 'all', of: [] }

/** The limits of the engine: conditions and groups in all, and how deep they stand. */
export const NODES_MAX = 100
export const DEPTH_MAX = 8

export const isGroup = (node: Node): node is Group =>
  node.is === 'all' || node.is === 'any' || node.is === 'none'

/** "who.of[0]": how the engine names a place. */
export function nameOf(path: Path): string {
  return path.reduce<string>(
    (name, step) => (step === 'who' ? `${name}.who` : `${name}.of[${step}]`),
    'who',
  )
}

export function nodeAt(root: Node, path: Path): Node | undefined {
  return path.reduce<Node | undefined>((node, step) => {
    if (!node) return undefined
    if (step === 'who') return node.is === 'same' ? node.who : undefined
    return isGroup(node) ? node.of[step] : undefined
  }, root)
}

/** The same tree with another node at a place; null takes it out, and a group that is empty then. */
export function changed(root: Node, path: Path, change: (node: Node) => Node | null): Node {
  return edited(root, path, change) ?? everybody
}

function edited(node: Node, path: Path, change: (node: Node) => Node | null): Node | null {
  const [step, ...rest] = path
  if (step === undefined) return change(node)
  if (step === 'who') {
    if (node.is !== 'same') return node
    const who = edited(node.who, rest, change)
    return who && { ...node, who }
  }
  if (!isGroup(node) || !node.of[step]) return node
  const next = edited(node.of[step], rest, change)
  const of = node.of.flatMap((one, at) => (at !== step ? [one] : next ? [next] : []))
  return of.length === 0 ? null : { ...node, of }
}

export const removed = (root: Node, path: Path) => changed(root, path, () => null)

/** One more condition in the group at a place; a single condition becomes a group of both. */
export const added = (root: Node, path: Path, node: Node) =>
  changed(root, path, (old) =>
    isGroup(old) ? { ...old, of: [...old.of, node] } : { is: 'all', of: [old, node] },
  )

export const joined = (root: Node, path: Path, is: Joint) =>
  changed(root, path, (node) => (isGroup(node) ? { ...node, is } : { is, of: [node] }))

/** What a "none" of one denies. */
export const deniedBy = (node: Node): Node | null =>
  node.is === 'none' && node.of.length === 1 ? (node.of[0] ?? null) : null

/** The contrary: who was in is out. */
export function contrary(node: Node): Node {
  const denied = deniedBy(node)
  if (denied) return denied
  if (node.is === 'none') return { ...node, is: 'any' }
  return { is: 'none', of: [node] }
}

export const turned = (root: Node, path: Path) => changed(root, path, contrary)

/** A condition becomes a group of its own, to which others can be added. */
export const grouped = (root: Node, path: Path, is: Joint) =>
  changed(root, path, (node) => ({ is, of: [node] }))

/** Changes the list in which a condition stands; the root is in none. */
function inList(root: Node, path: Path, change: (of: Node[], at: number) => Node[]): Node {
  const step = path.at(-1)
  if (typeof step !== 'number') return root
  return changed(root, path.slice(0, -1), (node) =>
    isGroup(node) && node.of[step] ? { ...node, of: change(node.of, step) } : node,
  )
}

export const doubled = (root: Node, path: Path) =>
  inList(root, path, (of, at) => of.flatMap((node, i) => (i === at ? [node, node] : [node])))

/** One place up (-1) or down (1) in its group. */
export const moved = (root: Node, path: Path, by: -1 | 1) =>
  inList(root, path, (of, at) => {
    const other = of[at + by]
    const own = of[at]
    if (!other || !own) return of
    return of.map((node, i) => (i === at ? other : i === at + by ? own : node))
  })

/** Out of its group, to right after it, where the group stands in another one. */
export function lifted(root: Node, path: Path): Node {
  const node = nodeAt(root, path)
  const group = path.slice(0, -1)
  const place = group.at(-1)
  if (!node || typeof place !== 'number') return root
  const after = inList(root, group, (of, at) =>
    of.flatMap((one, i) => (i === at ? [one, node] : [one])),
  )
  return removed(after, path)
}

export function countNodes(node: Node): number {
  if (node.is === 'same') return 1 + countNodes(node.who)
  if (!isGroup(node)) return 1
  return node.of.reduce((n, one) => n + countNodes(one), 1)
}

export function depthOf(node: Node): number {
  if (node.is === 'same') return 1 + depthOf(node.who)
  if (!isGroup(node)) return 1
  return 1 + Math.max(0, ...node.of.map(depthOf))
}

/** What is not allowed about a definition, in words; null where all is well. */
export function tooMuch(root: Node): string | null {
  const n = countNodes(root)
  if (n > NODES_MAX) return `A definition has at most ${NODES_MAX} conditions; this has ${n}.`
  if (depthOf(root) > DEPTH_MAX) return `Groups stand at most ${DEPTH_MAX} deep in each other.`
  return null
}

/** Where the lines of the sentence stand: a condition under "not" is one line with its "not". */
export function linesOf(node: Node, path: Path = []): Path[] {
  const denied = deniedBy(node)
  if (!isGroup(node) || (denied && !isGroup(denied))) return [path]
  const inner = node.of.flatMap((one, at) => linesOf(one, [...path, at]))
  return path.length === 0 ? inner : [path, ...inner]
}
