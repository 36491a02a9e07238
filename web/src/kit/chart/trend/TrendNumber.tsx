// What does it come to over the whole period, and is that more than before?
import type { TrendAnswer, TrendQuestion } from '@/api/insightTypes'
import type { OnPoint } from '../types'
import { briefly, changeWords, exactly } from '../words'
import { drawnLines, type DrawnLine } from './lines'
import { pickedOf } from './TrendChart'
import classes from '../chart.module.css'

interface TrendNumberProps {
  question: TrendQuestion
  answer: TrendAnswer
  onPoint?: OnPoint
}

export function TrendNumber({ question, answer, onPoint }: TrendNumberProps) {
  const { drawn } = drawnLines(question, answer)
  return (
    <ul className={classes.numbers}>
      {drawn.map((line) => (
        <li key={`${line.series} ${line.group}`}>
          <span className={classes.numberLabel}>{line.label}</span>
          <Value
            line={line}
            onOpen={
              onPoint && line.series !== null
                ? () => onPoint(pickedOf(question, answer, { line, span: null }))
                : undefined
            }
          />
          <Change line={line} />
        </li>
      ))}
    </ul>
  )
}

function Value({ line, onOpen }: { line: DrawnLine; onOpen?: () => void }) {
  const { value, not_estimable } = line.whole
  if (value === null) return <span className="muted">{not_estimable ?? 'no number'}</span>
  const shown = <span title={exactly(value)}>{briefly(value)}</span>
  if (!onOpen) return <span className={classes.number}>{shown}</span>
  return (
    <button type="button" className={classes.numberButton} onClick={onOpen}>
      {shown}
    </button>
  )
}

function Change({ line }: { line: DrawnLine }) {
  const now = line.whole
  const before = line.wholeBefore?.value
  const interval =
    now.low !== null && now.high !== null ? `${briefly(now.low)} to ${briefly(now.high)}` : null
  return (
    <span className={classes.numberNote}>
      {interval && <span>{interval} (95 %) </span>}
      {now.value !== null && before !== null && before !== undefined && (
        <span>
          {changeWords(now.value, before)} before ({briefly(before)})
        </span>
      )}
    </span>
  )
}
