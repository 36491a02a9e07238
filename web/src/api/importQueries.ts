// Which questions does the import wizard put to the engine?
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'
import type { ImportMapping, ImportShape } from './types'

export const uploadsQuery = queryOptions({
  queryKey: ['uploads'],
  queryFn: () => answer(api.GET('/api/uploads')),
})

export const uploadQuery = (id: string) =>
  queryOptions({
    queryKey: ['uploads', id],
    queryFn: () => answer(api.GET('/api/uploads/{id}', { params: { path: { id } } })),
  })

/** What is in a file; `shape` is what a person says that it is. Read anew whenever it is opened:
 * the mapping that was tried last is part of it. */
export const uploadLookQuery = (id: string, shape: ImportShape | undefined) =>
  queryOptions({
    queryKey: ['uploads', id, 'look', shape],
    queryFn: () =>
      answer(api.GET('/api/uploads/{id}/look', { params: { path: { id }, query: { shape } } })),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  })

/** What would become of the first rows: the last answer stays to be seen while a new one comes. */
export const uploadPreviewQuery = (id: string, mapping: ImportMapping) =>
  queryOptions({
    queryKey: ['uploads', id, 'preview', mapping],
    queryFn: ({ signal }) =>
      answer(
        api.POST('/api/uploads/{id}/preview', {
          params: { path: { id } },
          body: { mapping },
          signal,
        }),
      ),
    staleTime: Infinity,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  })

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['imports', id],
    queryFn: () => answer(api.GET('/api/imports/{id}', { params: { path: { id } } })),
  })
