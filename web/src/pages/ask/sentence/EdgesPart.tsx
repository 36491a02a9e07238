// Into how many scores do customers fall, or at which values are the scores cut?
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { edgesWords, readEdges, usualScale, type Edges, type Scale } from './edges'
import { Part } from './Part'
import classes from './sentence.module.css'

interface EdgesPartProps {
  edges: Edges | null | undefined
  hasMoney: boolean
  onChange: (edges: Edges) => void
}

const scores = [3, 4, 5, 6, 8, 10]

export function EdgesPart({ edges, hasMoney, onChange }: EdgesPartProps) {
  const n = edges?.is === 'given' ? null : (edges?.quantiles ?? 5)
  return (
    <Part words={edgesWords(edges)} label="Change how scores are cut" width={300} after=",">
      {(close) => {
        const done = (next: Edges) => {
          onChange(next)
          close()
        }
        return (
          <>
            <ul className={classes.presets} aria-label="As many customers in each score">
              {scores.map((quantiles) => (
                <li key={quantiles}>
                  <button
                    type="button"
                    className={classes.preset}
                    aria-pressed={quantiles === n}
                    onClick={() => done({ is: 'quantiles', quantiles })}
                  >
                    {quantiles} scores each, as many customers in every one
                  </button>
                </li>
              ))}
            </ul>
            <Given
              given={edges?.is === 'given' ? edges : null}
              hasMoney={hasMoney}
              onDone={(scale) => done({ is: 'given', ...scale })}
            />
          </>
        )
      }}
    </Part>
  )
}

interface GivenProps {
  given: Partial<Scale> | null
  hasMoney: boolean
  onDone: (scale: Scale) => void
}

const fields = [
  { key: 'recency_days', label: 'Days since the last time' },
  { key: 'frequency', label: 'How many times' },
  { key: 'monetary', label: 'Worth' },
] as const

/** Fixed values: they stay the same from month to month, where quantiles move. */
function Given({ given, hasMoney, onDone }: GivenProps) {
  const [texts, setTexts] = useState(() =>
    fields.map(({ key }) => {
      const known = given?.[key] ?? []
      return (known.length > 0 ? known : usualScale[key]).join(', ')
    }),
  )
  const asked = fields.slice(0, hasMoney ? 3 : 2)
  const read = texts.map(readEdges)
  const edgesAt = (at: number) => {
    const one = read[at]
    return one && 'edges' in one ? one.edges : null
  }
  const submit = () => {
    const [recency_days, frequency, monetary] = [0, 1, 2].map(edgesAt)
    if (!recency_days || !frequency || (hasMoney && !monetary)) return
    onDone({ recency_days, frequency, monetary: hasMoney ? (monetary ?? []) : [] })
  }
  return (
    <form
      className={classes.edges}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <p className={classes.edgesLead}>Or cut them at values of your own</p>
      {asked.map(({ key, label }, at) => {
        const one = read[at]
        return (
          <TextInput
            key={key}
            label={label}
            value={texts[at] ?? ''}
            error={one && 'problem' in one ? one.problem : undefined}
            onChange={(event) => {
              const text = event.currentTarget.value
              setTexts(texts.map((old, i) => (i === at ? text : old)))
            }}
          />
        )
      })}
      <Button
        type="submit"
        variant="default"
        disabled={asked.some((_, at) => edgesAt(at) === null)}
      >
        Cut them here
      </Button>
    </form>
  )
}
