// Which questions about relations does the UI put to the engine?
import { queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'

export const relationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id, 'relations'],
    queryFn: () => answer(api.GET('/api/customers/{id}/relations', { params: { path: { id } } })),
  })

export const influenceQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id, 'influence'],
    queryFn: () => answer(api.GET('/api/customers/{id}/influence', { params: { path: { id } } })),
    staleTime: 60_000,
  })

export const influencersQuery = (windowDays: number) =>
  queryOptions({
    queryKey: ['influencers', windowDays],
    queryFn: () =>
      answer(api.GET('/api/influencers', { params: { query: { window_days: windowDays } } })),
    staleTime: 60_000,
  })

export const accountSettingsQuery = queryOptions({
  queryKey: ['settings', 'accounts'],
  queryFn: () => answer(api.GET('/api/settings/accounts')),
})
