// How do the identifiers hang together? Every link an arc; the list below says the same in words.
import { useState } from 'react'
import { Icon, identifierIcon } from '@/kit'
import { absolute } from '@/kit/time'
import classes from './decisions.module.css'
import type { Graph, GraphArc } from './graph'
import { evidenceOf, linkStateWords, whyNotFollowed, type LinkState } from './links'

const ROW_PX = 28
/** From the edge of the drawing to where the arcs begin. */
const WIDTH_PX = 76
const REACH_MIN_PX = 16
const REACH_MAX_PX = WIDTH_PX - 12
const STEP_PX = 12
const CROSS_PX = 4

export function IdentityGraph({ graph }: { graph: Graph }) {
  const [pointed, setPointed] = useState<string | null>(null)
  const { nodes, arcs } = graph
  const at = arcs.find((arc) => arc.key === pointed)
  const widest = Math.max(...arcs.map((arc) => arc.reach))
  return (
    <div className={classes.graph} role="group" aria-label="The links as a drawing">
      <div className={classes.drawing}>
        <svg
          width={WIDTH_PX}
          height={nodes.length * ROW_PX}
          className={classes.arcs}
          role="presentation"
        >
          {arcs.map((arc) => (
            <Arc
              key={arc.key}
              arc={arc}
              widest={widest}
              dim={at !== undefined && at !== arc}
              onPoint={(on) => setPointed(on ? arc.key : null)}
            />
          ))}
        </svg>
        <ul className={classes.nodes} aria-hidden>
          {nodes.map((node, row) => (
            <li
              key={node.key}
              className={classes.node}
              data-outside={node.isOutside || undefined}
              data-pointed={(at && [at.from, at.to].includes(row)) || undefined}
            >
              <Icon name={identifierIcon(node.kind)} size={14} />
              <bdi className={classes.nodeValue} title={node.value}>
                {node.value}
              </bdi>
              {node.isOutside && <span className={classes.outside}>somebody else’s</span>}
            </li>
          ))}
        </ul>
      </div>
      <Legend states={[...new Set(arcs.map((arc) => arc.state))]} />
      <p className={classes.pointed} aria-hidden>
        {at ? wordsOf(at) : 'Point at a line to see its evidence.'}
      </p>
    </div>
  )
}

interface ArcProps {
  arc: GraphArc
  widest: number
  dim: boolean
  onPoint: (on: boolean) => void
}

function Arc({ arc, widest, dim, onPoint }: ArcProps) {
  const { from, to, state, link } = arc
  const [y1, y2] = [middleOf(from), middleOf(to)]
  const reach = reachPx(arc.reach, widest)
  // The middle of a cubic curve lies at three quarters of its handles.
  const handle = WIDTH_PX - 4 - reach / 0.75
  const path = `M${WIDTH_PX - 4} ${y1}C${handle} ${y1} ${handle} ${y2} ${WIDTH_PX - 4} ${y2}`
  return (
    <g
      className={classes.arc}
      data-state={state}
      data-dim={dim || undefined}
      role="img"
      aria-label={`${link.a.value} and ${link.b.value}. ${wordsOf(arc)}`}
      tabIndex={0}
      onMouseEnter={() => onPoint(true)}
      onMouseLeave={() => onPoint(false)}
      onFocus={() => onPoint(true)}
      onBlur={() => onPoint(false)}
    >
      <path d={path} className={classes.arcTouch} />
      <path d={path} className={classes.arcLine} />
      <circle cx={WIDTH_PX - 4} cy={y1} r={3} />
      <circle cx={WIDTH_PX - 4} cy={y2} r={3} />
      {state === 'withdrawn' && <Cross x={WIDTH_PX - 4 - reach} y={(y1 + y2) / 2} />}
    </g>
  )
}

function Cross({ x, y }: { x: number; y: number }) {
  const [left, right, top, bottom] = [x - CROSS_PX, x + CROSS_PX, y - CROSS_PX, y + CROSS_PX]
  return (
    <path
      className={classes.cross}
      d={`M${left} ${top}L${right} ${bottom}M${right} ${top}L${left} ${bottom}`}
    />
  )
}

function Legend({ states }: { states: LinkState[] }) {
  return (
    <ul className={classes.legend} aria-hidden>
      {states.map((state) => (
        <li key={state} className={classes.arc} data-state={state}>
          <svg width={28} height={12}>
            <path d="M2 6L26 6" className={classes.arcLine} />
            {state === 'withdrawn' && <Cross x={14} y={6} />}
          </svg>
          {linkStateWords[state].toLowerCase()}
        </li>
      ))}
    </ul>
  )
}

function wordsOf({ link, state }: GraphArc): string {
  const evidence = `${evidenceOf(link)}, ${absolute(new Date(link.occurred_at))}`
  const source = link.source ? `, ${link.source.name}` : ''
  const why = whyNotFollowed(link)
  return `${linkStateWords[state]}: ${evidence}${source}.${why ? ` ${why}` : ''}`
}

const middleOf = (row: number) => row * ROW_PX + ROW_PX / 2

/** A step for each row that is spanned, until the drawing is too narrow for that. */
function reachPx(reach: number, widest: number): number {
  const step = widest > 1 ? Math.min(STEP_PX, (REACH_MAX_PX - REACH_MIN_PX) / (widest - 1)) : 0
  return REACH_MIN_PX + step * (reach - 1)
}
