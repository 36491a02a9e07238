// Which time is asked about, and with what is it compared?
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Comparison, Period } from '@/api/insightTypes'
import { compareWords, earlier, isSame, periodWords, presets } from '../periods'
import { Part } from './Part'
import classes from './sentence.module.css'

interface PeriodPartProps {
  period: Period
  /** Whether this insight can be compared with another time. */
  comparable?: boolean
  compare?: Comparison | null
  onChange: (period: Period, compare: Comparison | null) => void
  after?: string
}

export function PeriodPart({
  period,
  comparable = false,
  compare,
  onChange,
  after,
}: PeriodPartProps) {
  const now = compare === 'none' || !compare ? null : compare
  return (
    <>
      <Part
        words={periodWords(period)}
        label="Change the time"
        width={380}
        after={comparable ? undefined : after}
      >
        {(close) => (
          <>
            <ul className={classes.presets}>
              {presets.map((preset) => (
                <li key={preset.label}>
                  <button
                    type="button"
                    className={classes.preset}
                    aria-pressed={isSame(preset.period, period)}
                    onClick={() => {
                      onChange(preset.period, now)
                      close()
                    }}
                  >
                    {preset.label}
                  </button>
                  {comparable && (
                    <button
                      type="button"
                      className={classes.versus}
                      aria-label={`${preset.label} against ${earlier(preset.period)}`}
                      onClick={() => {
                        onChange(preset.period, 'previous')
                        close()
                      }}
                    >
                      against {earlier(preset.period)}
                    </button>
                  )}
                </li>
              ))}
            </ul>
            <Between
              period={period}
              onChange={(between) => {
                onChange(between, now)
                close()
              }}
            />
          </>
        )}
      </Part>
      {comparable && (
        <>
          {' '}
          <ComparePart
            period={period}
            compare={now}
            after={after}
            onChange={(next) => onChange(period, next)}
          />
        </>
      )}
    </>
  )
}

interface ComparePartProps {
  period: Period
  compare: Comparison | null
  onChange: (compare: Comparison | null) => void
  after?: string
}

function ComparePart({ period, compare, onChange, after }: ComparePartProps) {
  const choices: [Comparison | null, string][] = [
    [null, 'compared with nothing'],
    ['previous', compareWords('previous', period)],
    ['year_before', compareWords('year_before', period)],
  ]
  return (
    <Part
      words={compareWords(compare, period)}
      label="Change the comparison"
      quiet={compare === null}
      after={after}
    >
      {(close) => (
        <ul className={classes.presets}>
          {choices.map(([key, words]) => (
            <li key={words}>
              <button
                type="button"
                className={classes.preset}
                aria-pressed={key === compare}
                onClick={() => {
                  onChange(key)
                  close()
                }}
              >
                {words}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Part>
  )
}

/** From one day to another, both included. */
function Between({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const given = period.kind === 'between' ? period : { first: '', last: '' }
  const [first, setFirst] = useState(given.first)
  const [last, setLast] = useState(given.last)
  const isBackwards = first !== '' && last !== '' && last < first
  return (
    <form
      className={classes.between}
      onSubmit={(event) => {
        event.preventDefault()
        if (first && last && !isBackwards) onChange({ kind: 'between', first, last })
      }}
    >
      <TextInput
        type="date"
        label="From"
        value={first}
        onChange={(event) => setFirst(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label="To, included"
        value={last}
        error={isBackwards ? 'Ends before it begins' : undefined}
        onChange={(event) => setLast(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!first || !last || isBackwards}>
        Take these days
      </Button>
    </form>
  )
}
