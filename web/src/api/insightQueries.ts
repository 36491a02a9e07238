// Which questions about behaviour does the UI put to the engine?
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'
import type { Place, StoredAnswer, StoredQuestion, TrendPoint, TrendQuestion } from './insightTypes'

/** A question and its answer, which stay together while the next one is on its way. */
export interface Told {
  asked: StoredQuestion
  told: StoredAnswer
  /** How long the person waited for it. */
  tookMs: number
}

export const insightQuery = (asked: StoredQuestion | null) =>
  queryOptions({
    queryKey: ['insight', asked],
    queryFn: async ({ signal }): Promise<Told> => {
      if (!asked) throw new Error('nothing is asked yet')
      const begun = performance.now()
      const told = await ask(asked, signal)
      return { asked, told, tookMs: performance.now() - begun }
    },
    enabled: asked !== null,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })

// Every insight is asked under its own name, a question in and an answer out; the types of the one
// stand for all of them, and StoredQuestion and StoredAnswer keep the pairs together.
type AskPath = '/api/insights/trend'
type BehindPath = '/api/insights/trend/customers'

async function ask(asked: StoredQuestion, signal: AbortSignal): Promise<StoredAnswer> {
  const path = `/api/insights/${asked.insight}` as AskPath
  const body = asked.question as TrendQuestion
  const told = await answer(api.POST(path, { body, signal }))
  return { insight: asked.insight, answer: told } as StoredAnswer
}

/** The customers behind a place of an answer. */
export const behindQuery = (asked: StoredQuestion, { insight, at }: Place, limit: number) =>
  queryOptions({
    queryKey: ['insight', asked, 'behind', insight, at, limit],
    queryFn: ({ signal }) => {
      const path = `/api/insights/${insight}/customers` as BehindPath
      const body = { question: asked.question, limit, ...at } as TrendPoint
      return answer(api.POST(path, { body, signal }))
    },
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })
