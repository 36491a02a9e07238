// What does the SQL page ask of the engine?
import { queryOptions } from '@tanstack/react-query'
import { answer, api, ApiFailure } from '@/api/client'
import { readExactly } from './cells'
import type { QueryDraft, SqlAnswer } from './types'

export const schemaQuery = queryOptions({
  queryKey: ['sql', 'schema'],
  queryFn: () => answer(api.GET('/api/sql/schema')),
  staleTime: 60_000,
})

export const savedQuery = queryOptions({
  queryKey: ['sql', 'saved'],
  queryFn: () => answer(api.GET('/api/sql/queries')),
})

/** Asked again only when somebody looks at the plan again. */
export const planQuery = (query: string) =>
  queryOptions({
    queryKey: ['sql', 'plan', query],
    queryFn: () => answer(api.POST('/api/sql/plan', { body: { query } })),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  })

/** Runs a query; ending the request ends its work. */
export async function runQuery(
  query: string,
  rows_max: number,
  signal: AbortSignal,
): Promise<SqlAnswer> {
  const text = await answer(
    api.POST('/api/sql', { body: { query, rows_max }, signal, parseAs: 'text' }),
  )
  return readExactly(text) as SqlAnswer
}

export type FileFormat = 'csv' | 'arrow'

/** The whole answer as a file, up to the engine's own bound. */
export async function fileOf(
  query: string,
  format: FileFormat,
  signal: AbortSignal,
): Promise<Blob> {
  try {
    return await answer(api.POST('/api/sql', { body: { query, format }, signal, parseAs: 'blob' }))
  } catch (error) {
    // Refusals have words. What breaks off on its way has none.
    if (error instanceof ApiFailure || signal.aborted) throw error
    throw brokenOff()
  }
}

const brokenOff = () =>
  new ApiFailure(
    'unavailable',
    'The answer broke off before its end; it may be larger, or take longer, than is allowed.',
    'Ask for fewer columns, a shorter time, or with a LIMIT.',
  )

export const saveQuery = (body: QueryDraft) => answer(api.POST('/api/sql/queries', { body }))

export const changeQuery = (id: string, body: QueryDraft) =>
  answer(api.PUT('/api/sql/queries/{id}', { params: { path: { id } }, body }))

export const deleteQuery = (id: string) =>
  answer(api.DELETE('/api/sql/queries/{id}', { params: { path: { id } } }))

export const restoreQuery = (id: string) =>
  answer(api.POST('/api/sql/queries/{id}/restore', { params: { path: { id } } }))
