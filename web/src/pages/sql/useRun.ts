// How is a query run, stopped, and what became of it?
import { useCallback, useEffect, useRef, useState } from 'react'
import { runQuery } from './queries'
import type { SqlAnswer } from './types'

export const ROWS_AT_FIRST = 1_000
export const ROWS_AT_MOST = 10_000

export type Run =
  | { state: 'none' }
  | { state: 'running'; query: string; startedAt: number }
  | { state: 'stopped'; query: string }
  | { state: 'failed'; query: string; error: unknown }
  | { state: 'done'; query: string; answer: SqlAnswer; rowsMax: number }

export function useRun() {
  const [run, setRun] = useState<Run>({ state: 'none' })
  const request = useRef<AbortController>(null)

  const start = useCallback((query: string, rowsMax = ROWS_AT_FIRST) => {
    request.current?.abort()
    const own = new AbortController()
    request.current = own
    setRun({ state: 'running', query, startedAt: Date.now() })
    const still = () => request.current === own && !own.signal.aborted
    runQuery(query, rowsMax, own.signal).then(
      (answer) => still() && setRun({ state: 'done', query, answer, rowsMax }),
      (error: unknown) => still() && setRun({ state: 'failed', query, error }),
    )
  }, [])

  const stop = useCallback(() => {
    request.current?.abort()
    setRun((run) => (run.state === 'running' ? { state: 'stopped', query: run.query } : run))
  }, [])

  // Whoever leaves the page does not wait for the answer.
  useEffect(() => () => request.current?.abort(), [])
  return { run, start, stop }
}
