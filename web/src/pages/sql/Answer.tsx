// What came of the query: rows, a plan, a failure, or, before any, what can be asked?
import { Tabs } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { Skeleton } from '@/kit'
import { ErrorBox } from './ErrorBox'
import { Examples } from './Examples'
import type { AnswerTab, Look } from './look'
import { Plan } from './Plan'
import { Rows } from './Rows'
import { Running } from './Running'
import classes from './sql.module.css'
import type { Place } from './types'
import type { Run } from './useRun'

const ChartTab = lazy(() => import('./ChartTab').then(({ ChartTab }) => ({ default: ChartTab })))

export interface AnswerProps {
  run: Run
  look: Look
  onLook: (look: Look) => void
  /** What stands in the editor now. */
  text: string
  /** Where the failure of the run is. */
  place: Place | null
  onPlace: (at: number) => void
  onReplace: (query: string) => void
  onMore: (query: string, rowsMax: number) => void
  onStop: () => void
  onExample: (query: string) => void
}

export function Answer(props: AnswerProps) {
  const { run, look, onLook, text, onExample } = props
  // A picture needs an answer.
  const tab = look.tab === 'chart' && run.state !== 'done' ? 'answer' : look.tab
  if (run.state === 'none' && text.trim() === '') return <Examples onOpen={onExample} />
  return (
    <Tabs
      value={tab}
      onChange={(next) => onLook({ ...look, tab: (next ?? 'answer') as AnswerTab })}
      className={classes.answer}
      aria-label="What came of it"
    >
      <Tabs.List>
        <Tabs.Tab value="answer">Answer</Tabs.Tab>
        {run.state === 'done' && <Tabs.Tab value="chart">Chart</Tabs.Tab>}
        <Tabs.Tab value="plan">Plan</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="answer" className={classes.panel}>
        <Outcome {...props} />
      </Tabs.Panel>
      {run.state === 'done' && (
        <Tabs.Panel value="chart" className={classes.panel}>
          <Suspense fallback={<Skeleton height={300} />}>
            <ChartTab
              answer={run.answer}
              chosen={look.chart}
              onChoose={(chart) => onLook({ ...look, chart })}
            />
          </Suspense>
        </Tabs.Panel>
      )}
      <Tabs.Panel value="plan" className={classes.panel}>
        <SettledPlan text={text} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Outcome({ run, place, onPlace, onReplace, onMore, onStop }: AnswerProps) {
  switch (run.state) {
    case 'none':
      return <p className={classes.quiet}>Run the query, and its rows stand here.</p>
    case 'running':
      return <Running since={run.startedAt} onStop={onStop} />
    case 'stopped':
      return <p className={classes.quiet}>Stopped before the answer was there.</p>
    case 'failed':
      return (
        <ErrorBox
          error={run.error}
          query={run.query}
          place={place}
          onPlace={onPlace}
          onReplace={onReplace}
        />
      )
    case 'done':
      return <Rows run={run} onMore={onMore} />
  }
}

const SETTLE_MS = 600

function SettledPlan({ text }: { text: string }) {
  const [settled] = useDebouncedValue(text, SETTLE_MS)
  if (settled.trim() === '') return <p className={classes.quiet}>Write a query first.</p>
  return <Plan query={settled} />
}
