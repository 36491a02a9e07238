// Where do the people stand in the drawing? The customer in the middle, the others around them.
import type { Household, Relation, Relations } from '@/api/types'

/** More than this can be listed, but no longer be seen at a glance. */
export const DRAWN_MAX = 10

export const WIDTH = 360
export const HEIGHT = 292
const RADIUS_X = 132
const RADIUS_Y = 102
const MIDDLE = { x: WIDTH / 2, y: HEIGHT / 2 - 8 }
/** How far a line keeps from the middle of a circle. */
const GAP = 22

export type LineKind = Relation['kind'] | 'household'

export interface CirclePerson {
  id: string
  x: number
  y: number
}

export interface CircleLine {
  key: string
  kind: LineKind
  from: string
  to: string
  path: string
}

export interface Circle {
  people: CirclePerson[]
  lines: CircleLine[]
  /** How many are related and not drawn. */
  n_more: number
}

interface Tie {
  kind: LineKind
  from: string
  to: string
}

/** Null where there is nobody to draw. */
export function circleOf(relations: Relations): Circle | null {
  const me = relations.customer_id
  const ties = [...relations.relations, ...relations.households.flatMap((h) => housed(me, h))]
  const others = [...new Set(ties.filter(touches(me)).map((tie) => otherOf(tie, me)))]
  if (others.length === 0) return null
  const drawn = others.slice(0, DRAWN_MAX)
  const people = [
    { id: me, ...MIDDLE },
    ...drawn.map((id, i) => ({ id, ...around(i, drawn.length) })),
  ]
  const at = new Map(people.map((person) => [person.id, person]))
  const lines = ties.flatMap((tie) => {
    const [from, to] = [at.get(tie.from), at.get(tie.to)]
    return from && to ? [lineOf(tie, from, to)] : []
  })
  const n_listed = new Set([...others]).size
  const n_more = Math.max(0, Math.max(relations.n_related, n_listed) - drawn.length)
  return { people, lines, n_more }
}

const touches = (me: string) => (tie: Tie) => tie.from === me || tie.to === me
const otherOf = (tie: Tie, me: string) => (tie.from === me ? tie.to : tie.from)

function housed(me: string, household: Household): Tie[] {
  if (!household.is_member) return []
  return household.people.map(({ id }) => ({ kind: 'household' as const, from: me, to: id }))
}

/** Places on an ellipse, the first at the top. */
function around(index: number, n: number): { x: number; y: number } {
  const angle = (2 * Math.PI * index) / n - Math.PI / 2
  return {
    x: round(MIDDLE.x + RADIUS_X * Math.cos(angle)),
    y: round(MIDDLE.y + RADIUS_Y * Math.sin(angle)),
  }
}

/** A slight bend, always to the same side of the direction, so that there and back are two lines. */
function lineOf(tie: Tie, from: CirclePerson, to: CirclePerson): CircleLine {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(dx, dy) || 1
  const [ux, uy] = [dx / length, dy / length]
  const bend = bendOf(tie.kind)
  const start = { x: round(from.x + ux * GAP), y: round(from.y + uy * GAP) }
  const end = { x: round(to.x - ux * GAP), y: round(to.y - uy * GAP) }
  const mid = {
    x: round((from.x + to.x) / 2 - uy * bend),
    y: round((from.y + to.y) / 2 + ux * bend),
  }
  return {
    key: `${tie.kind} ${tie.from} ${tie.to}`,
    kind: tie.kind,
    from: tie.from,
    to: tie.to,
    path: `M${start.x} ${start.y}Q${mid.x} ${mid.y} ${end.x} ${end.y}`,
  }
}

function bendOf(kind: LineKind): number {
  if (kind === 'household') return 0
  return kind === 'referral' ? 14 : 28
}

const round = (x: number) => Math.round(x * 10) / 10
