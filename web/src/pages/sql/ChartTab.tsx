// How does the answer look as a picture, and of which columns?
import { Checkbox, Select } from '@mantine/core'
import { useMemo } from 'react'
import { EChart } from '@/kit/chart/EChart'
import { useChartTokens } from '@/kit/chart/tokens'
import { countExact } from '@/kit/number'
import { chartOption, summaryOf } from './chartOption'
import { choiceFor, drawn, numberColumns, SERIES_MAX, type ChartChoice } from './series'
import classes from './sql.module.css'
import type { SqlAnswer } from './types'

interface ChartTabProps {
  answer: SqlAnswer
  chosen: ChartChoice | null
  onChoose: (choice: ChartChoice) => void
}

export function ChartTab({ answer, chosen, onChoose }: ChartTabProps) {
  const choice = useMemo(() => choiceFor(answer, chosen), [answer, chosen])
  if (!choice) {
    return (
      <p className={classes.quiet}>
        A picture needs rows, a column of numbers, and another column to set them along.
      </p>
    )
  }
  return (
    <div className={classes.chart}>
      <Choices answer={answer} choice={choice} onChoose={onChoose} />
      <Picture answer={answer} choice={choice} />
    </div>
  )
}

function Picture({ answer, choice }: { answer: SqlAnswer; choice: ChartChoice }) {
  const tokens = useChartTokens()
  const data = useMemo(() => drawn(answer, choice), [answer, choice])
  const option = useMemo(() => chartOption(data, choice.as, tokens), [data, choice.as, tokens])
  const names = data.series.map(({ name }) => name)
  return (
    <>
      <ul className={classes.legend} aria-label="Drawn">
        {names.map((name, i) => (
          <li key={name}>
            <span style={{ background: tokens.series[i] }} aria-hidden />
            {name}
          </li>
        ))}
      </ul>
      <EChart
        option={option}
        height={300}
        summary={summaryOf(data, answer.columns[choice.x]!.name)}
      />
      {(data.n_left > 0 || answer.is_cut) && (
        <p className={classes.quiet}>
          The first {countExact(data.n_rows)} rows are drawn
          {choice.as === 'bar' && data.n_left > 0 ? '; a line holds more of them' : ''}.
        </p>
      )}
    </>
  )
}

interface ChoicesProps {
  answer: SqlAnswer
  choice: ChartChoice
  onChoose: (choice: ChartChoice) => void
}

function Choices({ answer, choice, onChoose }: ChoicesProps) {
  const named = (i: number) => ({ value: String(i), label: answer.columns[i]!.name })
  const numbers = numberColumns(answer)
  return (
    <div className={classes.choices}>
      <Select
        label="Along"
        data={answer.columns.map((_, i) => named(i))}
        value={String(choice.x)}
        onChange={(x) => x !== null && onChoose({ ...choice, x: Number(x) })}
      />
      <fieldset>
        <legend>Drawn</legend>
        {numbers.map((i) => {
          const isDrawn = choice.ys.includes(i)
          const isLast = isDrawn && choice.ys.length === 1
          return (
            <Checkbox
              key={i}
              label={answer.columns[i]!.name}
              checked={isDrawn}
              title={isLast ? 'One column stays drawn' : undefined}
              disabled={isLast || (!isDrawn && choice.ys.length >= SERIES_MAX)}
              onChange={() => onChoose({ ...choice, ys: toggled(choice.ys, i) })}
            />
          )
        })}
      </fieldset>
      <Select
        label="As"
        data={[
          { value: 'line', label: 'Line' },
          { value: 'bar', label: 'Bars' },
        ]}
        value={choice.as}
        onChange={(as) => onChoose({ ...choice, as: as === 'line' ? 'line' : 'bar' })}
      />
    </div>
  )
}

function toggled(ys: number[], i: number): number[] {
  return ys.includes(i) ? ys.filter((y) => y !== i) : [...ys, i].sort((a, b) => a - b)
}
