// What does one comparison say: its values, its bar in the waterfall, its words, its numbers?
import type { CSSProperties } from 'react'
import { measure } from '@/kit/number'
import { differenceOf, whole } from './diff'
import { Differing } from './Differing'
import classes from './pair.module.css'
import { levelWords } from './sides'
import { bitsWords, frequencyWords, oddsWords, standWords, strengthWords } from './strength'
import type { Bar } from './waterfall'
import type { FieldEvidence } from './wire'

interface Placed {
  bar: Bar
  numbers: boolean
}

export function FieldRow({ field, bar, numbers }: Placed & { field: FieldEvidence }) {
  const { name, a, b, level, weight } = field
  const marked = level === 'different' ? whole : differenceOf
  const difference = marked(a ?? '', b ?? '')
  const isCompared = level !== null
  return (
    <tr data-silent={!isCompared || undefined}>
      <th scope="row">{name}</th>
      <td data-side="A">
        {a === null ? <Absent /> : <Differing stretches={isCompared ? difference.a : plain(a)} />}
      </td>
      <td data-side="B">
        {b === null ? <Absent /> : <Differing stretches={isCompared ? difference.b : plain(b)} />}
      </td>
      <td className={classes.barCell}>{isCompared && <BarLine bar={bar} bits={weight} />}</td>
      <td className={classes.says} title={isCompared ? numbersOf(weight) : undefined}>
        <span className={classes.level}>
          {levelWords(field)}
          {isCompared && rarity(field.of_frequency)}
        </span>
        {isCompared && <span className={classes.strength}>{strengthWords(weight)}</span>}
        {isCompared && numbers && <FieldNumbers field={field} />}
      </td>
    </tr>
  )
}

const plain = (text: string) => [{ text, mark: 'same' as const }]

function Absent() {
  return <span className={classes.absent}>not known</span>
}

/** From a doubling of the odds on, it is worth a word. */
function rarity(of_frequency: number): string {
  if (of_frequency >= 1) return ', and rare'
  return of_frequency <= -1 ? ', but common' : ''
}

const numbersOf = (bits: number) => `${bitsWords(bits)}: ${oddsWords(bits)}`

function FieldNumbers({ field }: { field: FieldEvidence }) {
  const { weight, of_frequency, of_dependence, m, u } = field
  const parts = [
    numbersOf(weight),
    of_frequency !== 0 && `of it ${bitsWords(of_frequency)} for how rare the value is`,
    of_dependence !== 0 && `of it ${bitsWords(of_dependence)}, as another field says it already`,
  ]
  return (
    <ul className={classes.numbers}>
      {parts.filter(Boolean).map((part) => (
        <li key={String(part)}>{part}</li>
      ))}
      {typeof m === 'number' && typeof u === 'number' && (
        <li
          title={`${frequencyWords(m)} pairs of one person are so, ${frequencyWords(u)} pairs of strangers`}
        >
          m = {measure(m)}, u = {measure(u)}
        </li>
      )}
    </ul>
  )
}

interface StepRowProps extends Placed {
  title: string
  says: string
  bits: number
  isTotal?: boolean
  /** It says how the odds stand, not by what they change. */
  isStand?: boolean
}

/** A step that compares nothing: the start, the household, the sum. */
export function StepRow(props: StepRowProps) {
  const { title, says, bits, bar, numbers, isTotal = false, isStand = false } = props
  const exact = isStand ? `${bitsWords(bits)}: ${standWords(bits)}` : numbersOf(bits)
  return (
    <tr data-total={isTotal || undefined} data-step>
      <th scope="row">{title}</th>
      <td colSpan={2}>{says}</td>
      <td className={classes.barCell}>
        <BarLine bar={bar} bits={bits} />
      </td>
      <td className={classes.says} title={exact}>
        {numbers && <span className={classes.strength}>{exact}</span>}
      </td>
    </tr>
  )
}

function BarLine({ bar, bits }: { bar: Bar; bits: number }) {
  const [low, high] = [Math.min(bar.from, bar.to), Math.max(bar.from, bar.to)]
  const style = {
    '--low': `${low * 100}%`,
    '--wide': `${(high - low) * 100}%`,
  } as CSSProperties
  return (
    <span className={classes.barLine} style={style} aria-hidden>
      <span className={classes.bar} data-against={bits < 0 || undefined} />
    </span>
  )
}
