// Where do identifiers and links stand in the drawing? Identifiers under one another, links as arcs.
import type { IdentityLink, NamedIdentifier } from '@/api/types'
import { linkKey, linkState, type LinkState } from './links'

export interface GraphNode {
  key: string
  kind: string
  value: string
  /** It points to somebody else: the far end of a link that is not followed. */
  isOutside: boolean
}

export interface GraphArc {
  key: string
  link: IdentityLink
  state: LinkState
  /** The rows of its two ends, the upper one first. */
  from: number
  to: number
  /** How far it bulges out, in steps; two arcs over the same rows differ. */
  reach: number
}

export interface Graph {
  nodes: GraphNode[]
  arcs: GraphArc[]
}

/** More than this can be listed, but no longer be seen at a glance. */
export const NODES_MAX = 30

/** Null where there is nothing to draw. */
export function graphOf(own: NamedIdentifier[], links: IdentityLink[]): Graph | null {
  if (links.length === 0) return null
  const nodes: GraphNode[] = own.map((identifier) => node(identifier, false))
  const rows = new Map(nodes.map(({ key }, row) => [key, row]))
  const rowOf = (identifier: NamedIdentifier) => {
    const known = rows.get(keyOf(identifier))
    if (known !== undefined) return known
    rows.set(keyOf(identifier), nodes.length)
    return nodes.push(node(identifier, true)) - 1
  }
  const spans = links.map((link) => {
    const [from, to] = [rowOf(link.a), rowOf(link.b)].sort((x, y) => x - y) as [number, number]
    return { link, from, to }
  })
  return { nodes, arcs: arcsOf(spans) }
}

interface Span {
  link: IdentityLink
  from: number
  to: number
}

/** The wider an arc spans, the further it reaches, so that arcs nest instead of crossing. */
function arcsOf(spans: Span[]): GraphArc[] {
  const taken = new Map<string, number>()
  return spans.map(({ link, from, to }) => {
    const pair = `${from} ${to}`
    const n_before = taken.get(pair) ?? 0
    taken.set(pair, n_before + 1)
    const reach = to - from + n_before * 0.7
    return { key: linkKey(link), link, state: linkState(link), from, to, reach }
  })
}

function node({ kind, value }: NamedIdentifier, isOutside: boolean): GraphNode {
  return { key: keyOf({ kind, value }), kind, value, isOutside }
}

const keyOf = ({ kind, value }: NamedIdentifier) => `${kind} ${value}`
