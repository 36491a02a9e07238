// Who wants to be told of which number, and what was told?
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { AlertChange, AlertDraft } from './alertTypes'
import { answer, api } from './client'

/** How often the bell looks. */
const LOOK_MS = 60_000

export const alertsQuery = queryOptions({
  queryKey: ['alerts'],
  queryFn: () => answer(api.GET('/api/alerts')),
})

const at = (id: string) => ({ params: { path: { id } } })

export const createAlert = (body: AlertDraft) => answer(api.POST('/api/alerts', { body }))

export const putAlert = (id: string, body: AlertChange) =>
  answer(api.PUT('/api/alerts/{id}', { ...at(id), body }))

export const deleteAlert = (id: string) => answer(api.DELETE('/api/alerts/{id}', at(id)))

export const testAlert = (id: string) => answer(api.POST('/api/alerts/{id}/test', at(id)))

/** How many firings whoever is here has not looked at: what the bell shows. */
export const unseenQuery = queryOptions({
  queryKey: ['firings', 'unseen'],
  queryFn: () => answer(api.GET('/api/alerts/firings', { params: { query: { limit: 1 } } })),
  refetchInterval: LOOK_MS,
  retry: false,
})

/** What was told by one alert, or by all of them. */
export const firingsQuery = (alert?: string) =>
  infiniteQueryOptions({
    queryKey: ['firings', alert ?? 'all'],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/alerts/firings', {
          params: { query: { alert, limit: 20, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const seeFirings = (through: string) =>
  answer(api.POST('/api/alerts/firings/seen', { body: { through } }))
