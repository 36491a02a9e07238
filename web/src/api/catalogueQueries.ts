// What is there to ask about: which events, properties, values and traits were seen?
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'
import type { components } from './schema'

export type SeenProperty = components['schemas']['CatalogueProperty']

const STALE_MS = 60_000
const EVENTS = 500
const VALUES = 20

export const seenEventsQuery = queryOptions({
  queryKey: ['catalogue', 'events'],
  queryFn: () => answer(api.GET('/api/catalogue/events', { params: { query: { limit: EVENTS } } })),
  staleTime: STALE_MS,
})

export const seenPropertiesQuery = (event: string | undefined) =>
  queryOptions({
    queryKey: ['catalogue', 'properties', event],
    queryFn: () => answer(api.GET('/api/catalogue/properties', { params: { query: { event } } })),
    staleTime: STALE_MS,
  })

interface ValuesAsk {
  event: string | undefined
  of: components['schemas']['CatalogueField']
  path: string
  /** What the values are to have in them. */
  q: string
}

/** The values of a field with most events. */
export const seenValuesQuery = ({ event, of, path, q }: ValuesAsk) =>
  queryOptions({
    queryKey: ['catalogue', 'values', event, of, path, q],
    queryFn: () =>
      answer(
        api.GET('/api/catalogue/values', {
          params: {
            query: { event, of, path: path || undefined, q: q || undefined, limit: VALUES },
          },
        }),
      ),
    staleTime: STALE_MS,
    placeholderData: keepPreviousData,
  })

export const seenTraitsQuery = queryOptions({
  queryKey: ['catalogue', 'traits'],
  queryFn: () => answer(api.GET('/api/catalogue/traits')),
  staleTime: STALE_MS,
})
