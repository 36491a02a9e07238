// Which questions does the privacy centre put to the engine?
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'
import type { NewErasure, NewRequest, RequestPatch, RetentionRule } from './privacyTypes'

const first = undefined as string | undefined
const nextOf = (page: { next_cursor?: string | null }) => page.next_cursor ?? undefined

// ── Requests ───────────────────────────────────────────────────────────────────────────────
export interface RequestsFilter {
  status: string
  kind?: string
}

export const requestsQuery = (filter: RequestsFilter) =>
  infiniteQueryOptions({
    queryKey: ['privacy', 'requests', 'list', filter],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/privacy/requests', {
          params: { query: { ...filter, limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
  })

export const requestSummaryQuery = queryOptions({
  queryKey: ['privacy', 'requests', 'summary'],
  queryFn: () => answer(api.GET('/api/privacy/requests/summary')),
})

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ['privacy', 'requests', id],
    queryFn: () => answer(api.GET('/api/privacy/requests/{id}', { params: { path: { id } } })),
  })

/** The requests of one customer that are not closed. */
export const openRequestsQuery = (customer_id: string) =>
  queryOptions({
    queryKey: ['privacy', 'requests', 'of', customer_id],
    queryFn: () =>
      answer(
        api.GET('/api/privacy/requests', {
          params: { query: { customer_id, status: 'open,in_progress' } },
        }),
      ),
  })

export const addRequest = (request: NewRequest) =>
  answer(api.POST('/api/privacy/requests', { body: request }))

export const changeRequest = (id: string, patch: RequestPatch) =>
  answer(api.PATCH('/api/privacy/requests/{id}', { params: { path: { id } }, body: patch }))

// ── Suspension ─────────────────────────────────────────────────────────────────────────────
export const suspensionsQuery = queryOptions({
  queryKey: ['privacy', 'suspensions'],
  queryFn: () => answer(api.GET('/api/privacy/suspensions')),
})

export const suspend = (id: string, reason: string, request_id: string | null) =>
  answer(
    api.POST('/api/customers/{id}/suspension', {
      params: { path: { id } },
      body: { reason, request_id },
    }),
  )

export const resume = (id: string) =>
  answer(api.DELETE('/api/customers/{id}/suspension', { params: { path: { id } } }))

// ── Export ─────────────────────────────────────────────────────────────────────────────────
export const exportPath = (id: string, format: 'json' | 'html', inline = false) =>
  `/api/customers/${id}/export?format=${format}${inline ? '&inline=true' : ''}`

// ── Erasure ────────────────────────────────────────────────────────────────────────────────
/** Asked anew each time: it holds only as things are now. */
export const erasurePreviewQuery = (customer_id: string) =>
  queryOptions({
    queryKey: ['erasure preview', customer_id],
    queryFn: () => answer(api.POST('/api/privacy/erasures/preview', { body: { customer_id } })),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })

export const erase = (erasure: NewErasure) =>
  answer(api.POST('/api/privacy/erasures', { body: erasure }))

export const erasuresQuery = infiniteQueryOptions({
  queryKey: ['privacy', 'erasures', 'list'],
  queryFn: ({ pageParam }) =>
    answer(
      api.GET('/api/privacy/erasures', { params: { query: { limit: 50, cursor: pageParam } } }),
    ),
  initialPageParam: first,
  getNextPageParam: nextOf,
})

const POLL_MS = 1_000

export const erasureQuery = (id: string) =>
  queryOptions({
    queryKey: ['privacy', 'erasures', id],
    queryFn: () => answer(api.GET('/api/privacy/erasures/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data?.state === 'done' ? false : POLL_MS),
  })

export const certificateQuery = (id: string) =>
  queryOptions({
    queryKey: ['privacy', 'erasures', id, 'certificate'],
    queryFn: () =>
      answer(
        api.GET('/api/privacy/erasures/{id}/certificate', {
          params: { path: { id }, query: { format: 'json' } },
        }),
      ),
    staleTime: Infinity,
    retry: false,
  })

export const certificatePath = (id: string, format: 'json' | 'html') =>
  `/api/privacy/erasures/${id}/certificate?format=${format}`

export const liftTombstones = (id: string) =>
  answer(api.POST('/api/privacy/erasures/{id}/lift', { params: { path: { id } } }))

export const checkErased = (kind: string, value: string) =>
  answer(api.POST('/api/privacy/tombstones/check', { body: { kind, value } }))

// ── Retention ──────────────────────────────────────────────────────────────────────────────
export const retentionQuery = queryOptions({
  queryKey: ['privacy', 'retention'],
  queryFn: () => answer(api.GET('/api/privacy/retention')),
})

export const retentionPreviewQuery = (rules: RetentionRule[]) =>
  queryOptions({
    queryKey: ['privacy', 'retention', 'preview', rules],
    queryFn: () => answer(api.POST('/api/privacy/retention/preview', { body: { rules } })),
    placeholderData: keepPreviousData,
  })

export const putRetention = (version: number, rules: RetentionRule[]) =>
  answer(api.PUT('/api/privacy/retention', { body: { version, rules } }))

// ── Consent ────────────────────────────────────────────────────────────────────────────────
export const consentReportQuery = queryOptions({
  queryKey: ['privacy', 'consents'],
  queryFn: () => answer(api.GET('/api/privacy/consents')),
})
