// Which questions does the UI put to the engine, and under which cache key?
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'
import type { CustomersQuery, DebuggerQuery, TimelineQuery, Wish } from './types'

const nextOf = (page: { next_cursor?: string | null }) => page.next_cursor ?? undefined
const first = undefined as string | undefined
/** How often one looks while lists are being written anew. */
const WHILE_WRITING_MS = 1_000

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => answer(api.GET('/api/session')),
  staleTime: 60_000,
})

export const inviteQuery = (token: string) =>
  queryOptions({
    queryKey: ['invite', token],
    queryFn: () => answer(api.GET('/api/invites/{token}', { params: { path: { token } } })),
    retry: false,
    staleTime: Infinity,
  })

export const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: () => answer(api.GET('/api/home')),
  refetchInterval: 15_000,
})

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: () => answer(api.GET('/api/sources')),
})

export const sourceQuery = (id: string) =>
  queryOptions({
    queryKey: ['sources', id],
    queryFn: () => answer(api.GET('/api/sources/{id}', { params: { path: { id } } })),
  })

export const planQuery = (id: string) =>
  queryOptions({
    queryKey: ['sources', id, 'plan'],
    queryFn: () => answer(api.GET('/api/sources/{id}/plan', { params: { path: { id } } })),
  })

export const debuggerQuery = (query: DebuggerQuery) =>
  infiniteQueryOptions({
    queryKey: ['debugger', query],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/debugger', {
          params: { query: { ...query, limit: 100, cursor: pageParam } },
        }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
    refetchOnWindowFocus: false,
  })

export const debugEventQuery = (seq: string) =>
  queryOptions({
    queryKey: ['debugger', 'event', seq],
    queryFn: () => answer(api.GET('/api/debugger/{seq}', { params: { path: { seq } } })),
    staleTime: Infinity,
  })

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: () => answer(api.GET('/api/imports')),
})

export const importRejectsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['imports', id, 'rejects'],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/imports/{id}/rejects', {
          params: { path: { id }, query: { limit: 200, cursor: pageParam } },
        }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
  })

export const customersQuery = (query: CustomersQuery) =>
  infiniteQueryOptions({
    queryKey: ['customers', query],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/customers', {
          params: { query: { ...query, limit: 200, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
    placeholderData: (previous) => previous,
  })

/** The few customers that the palette offers for what was typed. */
export const customerFindQuery = (q: string) =>
  queryOptions({
    queryKey: ['customers', 'find', q],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/customers', { params: { query: { q, limit: 8 } }, signal })),
    enabled: q.trim().length > 0,
    staleTime: 10_000,
  })

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id],
    queryFn: () => answer(api.GET('/api/customers/{id}', { params: { path: { id } } })),
  })

export const traitHistoryQuery = (id: string, name: string) =>
  queryOptions({
    queryKey: ['customer', id, 'trait', name],
    queryFn: () =>
      answer(api.GET('/api/customers/{id}/traits', { params: { path: { id }, query: { name } } })),
  })

export const timelineQuery = (id: string, query: TimelineQuery) =>
  infiniteQueryOptions({
    queryKey: ['customer', id, 'events', query],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/customers/{id}/events', {
          params: { path: { id }, query: { ...query, limit: 100, cursor: pageParam } },
        }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
    refetchOnWindowFocus: false,
  })

export const customerDecisionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id, 'decisions'],
    queryFn: () => answer(api.GET('/api/customers/{id}/decisions', { params: { path: { id } } })),
  })

/** Who a customer was at a moment; without one, now. */
export const identityThenQuery = (id: string, at: string | undefined) =>
  queryOptions({
    queryKey: ['customer', id, 'identity', at],
    queryFn: () =>
      answer(api.GET('/api/customers/{id}/identity', { params: { path: { id }, query: { at } } })),
    placeholderData: (previous) => previous,
  })

/** What taking a decision back would change, as things are now. */
export const undoPreviewQuery = (id: string) =>
  queryOptions({
    queryKey: ['decision preview', 'undo', id],
    queryFn: () => answer(api.GET('/api/decisions/{id}/undo', { params: { path: { id } } })),
    staleTime: Infinity,
    gcTime: 0,
  })

/** What a decision would change: asked anew each time, because it holds only as things are now. */
export const decisionPreviewQuery = (wish: Wish) =>
  queryOptions({
    queryKey: ['decision preview', wish],
    queryFn: () => answer(api.POST('/api/decisions/preview', { body: wish })),
    staleTime: Infinity,
    gcTime: 0,
  })

export const accountsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['accounts', q],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/accounts', {
          params: { query: { q: q || undefined, limit: 200, cursor: pageParam } },
        }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
    placeholderData: (previous) => previous,
  })

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', id],
    queryFn: () => answer(api.GET('/api/accounts/{id}', { params: { path: { id } } })),
  })

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: () => answer(api.GET('/api/users')),
})

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: () => answer(api.GET('/api/tokens')),
})

export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam }) =>
    answer(api.GET('/api/audit', { params: { query: { limit: 100, cursor: pageParam } } })),
  initialPageParam: first,
  getNextPageParam: nextOf,
})

export const traitSettingsQuery = queryOptions({
  queryKey: ['settings', 'traits'],
  queryFn: () => answer(api.GET('/api/settings/traits')),
  // Lists are written anew after a change, which may take a while.
  refetchInterval: ({ state }) => (state.data?.lists ? WHILE_WRITING_MS : false),
})

export const identitySettingsQuery = queryOptions({
  queryKey: ['settings', 'identity'],
  queryFn: () => answer(api.GET('/api/settings/identity')),
})

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: () => answer(api.GET('/api/about')),
})
