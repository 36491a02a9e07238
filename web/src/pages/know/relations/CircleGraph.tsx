// Who is related to this customer, at a glance? The lists below say the same in words.
import { useNavigate } from '@tanstack/react-router'
import { useState, type MouseEvent } from 'react'
import type { CustomerRow, Relations } from '@/api/types'
import { counted } from '@/kit/number'
import { customerName } from '../naming'
import {
  circleOf,
  HEIGHT,
  WIDTH,
  type CircleLine,
  type CirclePerson,
  type LineKind,
} from './circle'
import classes from './relations.module.css'
import { kindWords, tieWords } from './words'

const NAME_CHARS_MAX = 14

export function CircleGraph({ relations }: { relations: Relations }) {
  const [pointed, setPointed] = useState<string | null>(null)
  const circle = circleOf(relations)
  if (!circle) return null
  const rows = new Map(relations.people.map((row) => [row.id, row]))
  for (const household of relations.households)
    for (const row of household.people) rows.set(row.id, row)
  const isNear = (line: CircleLine) => !pointed || line.from === pointed || line.to === pointed
  return (
    <figure className={classes.circle}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={classes.drawing}
        role="group"
        aria-label="The relations as a drawing"
      >
        <Arrows />
        {circle.lines.map((line) => (
          <path
            key={line.key}
            d={line.path}
            className={classes.line}
            data-kind={line.kind}
            data-dim={!isNear(line) || undefined}
            markerEnd={line.kind === 'household' ? undefined : `url(#arrow-${line.kind})`}
          />
        ))}
        {circle.people.map((person) => (
          <Person
            key={person.id}
            person={person}
            row={rows.get(person.id)}
            isMe={person.id === relations.customer_id}
            isPointed={person.id === pointed}
            words={tieWords(relations, person.id)}
            onPoint={setPointed}
          />
        ))}
      </svg>
      <figcaption className={classes.legend}>
        <Legend kinds={[...new Set(circle.lines.map((line) => line.kind))]} />
        {circle.n_more > 0 && (
          <span>and {counted(circle.n_more, 'more person', 'more people')}</span>
        )}
      </figcaption>
    </figure>
  )
}

interface PersonProps {
  person: CirclePerson
  row: CustomerRow | undefined
  isMe: boolean
  isPointed: boolean
  words: string
  onPoint: (id: string | null) => void
}

function Person({ person, row, isMe, isPointed, words, onPoint }: PersonProps) {
  const navigate = useNavigate()
  const name = row ? customerName(row) : person.id
  const radius = isMe ? 19 : 16
  const circle = (
    <circle
      cx={person.x}
      cy={person.y}
      r={radius}
      className={classes.person}
      data-me={isMe || undefined}
    />
  )
  // The letters lie above the link, whose own name says more than they do.
  const letters = (
    <g aria-hidden className={classes.letters} data-pointed={isPointed || undefined}>
      <text x={person.x} y={person.y + 4} className={classes.initials}>
        {initialsOf(name)}
      </text>
      <text x={person.x} y={person.y + radius + 14} className={classes.name}>
        {short(name)}
      </text>
    </g>
  )
  if (isMe) {
    return (
      <g aria-hidden>
        {circle}
        {letters}
      </g>
    )
  }
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    void navigate({ to: '/know/customers/$id', params: { id: person.id } })
  }
  return (
    <>
      <a
        href={`/know/customers/${person.id}`}
        aria-label={`${name}: ${words}`}
        className={classes.link}
        onClick={open}
        onMouseEnter={() => onPoint(person.id)}
        onMouseLeave={() => onPoint(null)}
        onFocus={() => onPoint(person.id)}
        onBlur={() => onPoint(null)}
      >
        <rect
          x={person.x - 40}
          y={person.y - 18}
          width={80}
          height={52}
          className={classes.touch}
        />
        {circle}
      </a>
      {letters}
    </>
  )
}

function Arrows() {
  return (
    <defs>
      {(['referral', 'mention'] as const).map((kind) => (
        <marker
          key={kind}
          id={`arrow-${kind}`}
          viewBox="0 0 8 8"
          refX={6}
          refY={4}
          markerWidth={7}
          markerHeight={7}
          orient="auto"
        >
          <path d="M0 0L8 4L0 8z" className={classes.arrow} data-kind={kind} />
        </marker>
      ))}
    </defs>
  )
}

function Legend({ kinds }: { kinds: LineKind[] }) {
  return (
    <>
      {kinds.map((kind) => (
        <span key={kind} className={classes.key}>
          <svg width={26} height={10} aria-hidden>
            <path d="M2 5L24 5" className={classes.line} data-kind={kind} />
          </svg>
          {kindWords[kind]}
        </span>
      ))}
    </>
  )
}

/** Two letters that stand for a name, whatever script it is in. */
function initialsOf(name: string): string {
  const words = name.split(/[\s.@_-]+/u).filter(Boolean)
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined]
  return letters
    .map((word) => (word ? [...word][0] : ''))
    .join('')
    .toUpperCase()
}

function short(name: string): string {
  const letters = [...name]
  return letters.length > NAME_CHARS_MAX
    ? `${letters.slice(0, NAME_CHARS_MAX - 1).join('')}…`
    : name
}
