// Two records side by side: in what do they agree, and how much does each agreement say?
import { Link } from '@tanstack/react-router'
import type { CSSProperties, ReactNode } from 'react'
import type { NamedIdentifier } from '@/api/types'
import { Icon, identifierIcon, identifierWord, RelativeTime } from '@/kit'
import { counted } from '@/kit/number'
import { FieldRow, StepRow } from './EvidenceRows'
import classes from './pair.module.css'
import { heldApartWords, sideName } from './sides'
import { outOf, percent, priorWords } from './strength'
import { waterfallOf } from './waterfall'
import type { Pair, PairEvidence, Side } from './wire'

interface PairViewProps {
  pair: Pair
  /** Whether bits, odds and frequencies stand beside the words. */
  numbers: boolean
}

export function PairView({ pair, numbers }: PairViewProps) {
  const { a, b, evidence, held_apart } = pair
  return (
    <>
      <EvidenceTable
        evidence={evidence}
        heads={[<SideHead key="a" side={a} />, <SideHead key="b" side={b} />]}
        numbers={numbers}
      >
        <tr>
          <th scope="row">known by</th>
          <td>
            <KnownBy side={a} />
          </td>
          <td>
            <KnownBy side={b} />
          </td>
          <td className={classes.barCell} />
          <td />
        </tr>
      </EvidenceTable>
      {held_apart && (
        <p className={classes.heldApart}>
          <Icon name="info" size={16} /> {heldApartWords(held_apart)}
        </p>
      )}
    </>
  )
}

interface EvidenceTableProps {
  evidence: PairEvidence
  /** Whose values stand in the two columns. */
  heads: [ReactNode, ReactNode]
  numbers: boolean
  children?: ReactNode
}

/** A gain or loss below this is not worth a line. */
const HOUSEHOLD_BITS_MIN = 0.05

export function EvidenceTable({ evidence, heads, numbers, children }: EvidenceTableProps) {
  const { prior, of_household, total, probability } = evidence
  const fields = evidence.fields.filter(({ a, b, weight }) => a !== null || b !== null || weight)
  const ofHousehold = Math.abs(of_household) >= HOUSEHOLD_BITS_MIN ? [of_household] : []
  const steps = [prior, ...fields.map((field) => field.weight), ...ofHousehold]
  const fall = waterfallOf(steps.map((bits) => ({ bits })))
  const barAt = (i: number) => fall.bars[i] ?? fall.total
  return (
    <div className={classes.table}>
      <table className={classes.evidence} style={{ '--zero': fall.zero } as CSSProperties}>
        <colgroup>
          <col className={classes.nameColumn} />
          <col span={2} />
          <col className={classes.barColumn} />
          <col className={classes.saysColumn} />
        </colgroup>
        <thead>
          <tr>
            <td className={classes.corner} />
            <th scope="col">{heads[0]}</th>
            <th scope="col">{heads[1]}</th>
            <th scope="col" colSpan={2} className={classes.saysHead}>
              What it says
            </th>
          </tr>
        </thead>
        <tbody>
          <StepRow
            title="before looking"
            says={`${priorWords(prior)} is one person`}
            bits={prior}
            numbers={numbers}
            isStand
            bar={barAt(0)}
          />
          {fields.map((field, i) => (
            <FieldRow
              key={`${field.name} ${i}`}
              field={field}
              numbers={numbers}
              bar={barAt(i + 1)}
            />
          ))}
          {ofHousehold.map((bits) => (
            <StepRow
              key="household"
              title="household"
              says="two people of one household would agree like that too"
              bits={bits}
              numbers={numbers}
              bar={barAt(steps.length - 1)}
            />
          ))}
          {children}
        </tbody>
        <tfoot>
          <StepRow
            title="all together"
            says={`${percent(probability)} likely one person: ${outOf(probability)}`}
            bits={total}
            numbers={numbers}
            isTotal
            isStand
            bar={fall.total}
          />
        </tfoot>
      </table>
    </div>
  )
}

function SideHead({ side }: { side: Side }) {
  const { customer_id, n_events, n_orders, first_seen, last_seen } = side
  return (
    <div className={classes.side}>
      <Link to="/know/customers/$id" params={{ id: customer_id }} className={classes.sideName}>
        <bdi>{sideName(side)}</bdi>
      </Link>
      <span className={classes.sideSub}>
        <code>{customer_id}</code> {counted(n_events, 'event')}, {counted(n_orders, 'order')}
      </span>
      {first_seen && last_seen && (
        <span className={classes.sideSub}>
          seen first <RelativeTime at={first_seen} />, last <RelativeTime at={last_seen} />
        </span>
      )}
    </div>
  )
}

const IDENTIFIERS_SHOWN = 4

/** Nobody knows a person by the number of a browser. */
const byWorth = (x: NamedIdentifier, y: NamedIdentifier) =>
  Number(x.kind === 'anonymous_id') - Number(y.kind === 'anonymous_id')

function KnownBy({ side }: { side: Side }) {
  const shown = [...side.identifiers].sort(byWorth).slice(0, IDENTIFIERS_SHOWN)
  const n_more = side.identifiers.length - shown.length
  return (
    <ul className={classes.knownBy}>
      {shown.map(({ kind, value }) => (
        <li key={`${kind} ${value}`}>
          <Icon name={identifierIcon(kind)} size={14} label={identifierWord(kind)} />
          <bdi title={value}>{value}</bdi>
        </li>
      ))}
      {n_more > 0 && <li className="muted">and {n_more} more</li>}
    </ul>
  )
}
