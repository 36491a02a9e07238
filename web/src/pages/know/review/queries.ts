// Which questions about duplicates are put to the engine, and under which cache key?
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import type { ImportMapping } from '@/api/types'
import { reliabilityOf } from './reliability'
import type { LinkageSettings, PairOrder, Verdict } from './wire'

const RUNNING_POLL_MS = 1_000

export const linkageQuery = queryOptions({
  queryKey: ['linkage'],
  queryFn: () => answer(api.GET('/api/linkage')),
  refetchInterval: ({ state }) => (state.data?.running ? RUNNING_POLL_MS : false),
})

export interface PairsQuery {
  state: 'open' | 'skipped'
  order: PairOrder
  run?: string
}

/** The queue as it was when one sat down to it: what is answered meanwhile does not move it. */
export const pairsQuery = (query: PairsQuery) =>
  infiniteQueryOptions({
    queryKey: ['linkage pairs', query],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/linkage/pairs', {
          params: { query: { ...query, limit: '50', cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export const pairQuery = (id: string) =>
  queryOptions({
    queryKey: ['linkage pair', id],
    queryFn: () => answer(api.GET('/api/linkage/pairs/{id}', { params: { path: { id } } })),
    enabled: id !== '',
    staleTime: Infinity,
    gcTime: 0,
  })

/** The likeliest open pairs, for answering many at once. */
export const likelyPairsQuery = queryOptions({
  queryKey: ['linkage pairs', 'likeliest'],
  queryFn: () =>
    answer(
      api.GET('/api/linkage/pairs', {
        params: { query: { state: 'open', order: 'likely', limit: '200' } },
      }),
    ),
  staleTime: 0,
  gcTime: 0,
  refetchOnWindowFocus: false,
})

export const customerPairsQuery = (customer: string) =>
  queryOptions({
    queryKey: ['customer', customer, 'pairs'],
    queryFn: () => {
      const query = { state: 'open', order: 'likely', customer, limit: '5' } as const
      return answer(api.GET('/api/linkage/pairs', { params: { query } }))
    },
  })

/** `last` is the latest search that is known of: once another one ended, the list is asked anew. */
export const runsQuery = (last: string) =>
  queryOptions({
    queryKey: ['linkage runs', last],
    queryFn: () => answer(api.GET('/api/linkage/runs', { params: { query: { limit: 50 } } })),
    placeholderData: (previous) => previous,
  })

export const spreadQuery = queryOptions({
  queryKey: ['linkage spread'],
  queryFn: () => answer(api.GET('/api/linkage/spread')),
})

/** So many answers of each sort are held against what was claimed: the latest ones. */
const CHECKED_MAX = '200'

const answered = (state: 'same' | 'different') => {
  const query = { state, order: 'newest', limit: CHECKED_MAX } as const
  return answer(api.GET('/api/linkage/pairs', { params: { query } }))
}

export const reliabilityQuery = queryOptions({
  queryKey: ['linkage reliability'],
  queryFn: async () => {
    const lists = await Promise.all([answered('same'), answered('different')])
    return reliabilityOf(lists.flatMap((list) => list.items))
  },
})

export const startRun = () => answer(api.POST('/api/linkage/runs'))

export const cancelRun = (id: string) =>
  answer(api.POST('/api/linkage/runs/{id}/cancel', { params: { path: { id } } }))

export const undoRun = (id: string) =>
  answer(api.POST('/api/linkage/runs/{id}/undo', { params: { path: { id } } }))

export const saveSettings = (settings: LinkageSettings) =>
  answer(api.PUT('/api/linkage/settings', { body: settings }))

export const sendVerdicts = (verdicts: { pair_id: string; verdict: Verdict }[]) =>
  answer(api.POST('/api/linkage/verdicts', { body: { verdicts } }))

export const undoVerdicts = (pair_ids: string[]) =>
  answer(api.POST('/api/linkage/verdicts/undo', { body: { pair_ids } }))

/** Who in an uploaded file is here already; a mapping that changed is another question. */
export const uploadDuplicatesQuery = (id: string, mapping: ImportMapping) =>
  queryOptions({
    queryKey: ['upload duplicates', id, mapping],
    queryFn: () =>
      answer(
        api.POST('/api/uploads/{id}/duplicates', { params: { path: { id } }, body: { mapping } }),
      ),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
