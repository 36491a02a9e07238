// What does the UI ask about segments and their definitions?
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'
import type { Definition, ReadDefinition } from './definitionTypes'
import type {
  Members,
  Preview,
  Segment,
  SegmentChange,
  SegmentDraft,
  SegmentLine,
  SegmentSizes,
  SegmentVersion,
} from './segmentTypes'

// The generated client knows these paths once the engine serves them.
interface Init {
  params?: { path?: Record<string, string>; query?: Record<string, unknown> }
  body?: unknown
  signal?: AbortSignal
}
type Call = (
  path: string,
  init?: Init,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>
const calls = api as unknown as Record<'GET' | 'POST' | 'PUT' | 'DELETE', Call>
const told = <Answer>(reply: ReturnType<Call>) => answer(reply) as Promise<Answer>
const at = (key: string) => ({ params: { path: { key } } })

interface Lines {
  items: SegmentLine[]
  next_cursor: string | null
}

const LINES_MAX = 500

export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: () =>
    told<Lines>(calls.GET('/api/segments', { params: { query: { limit: LINES_MAX } } })),
})

export const archivedSegmentsQuery = queryOptions({
  queryKey: ['segments', 'archived'],
  queryFn: () =>
    told<Lines>(
      calls.GET('/api/segments', { params: { query: { archived: true, limit: LINES_MAX } } }),
    ),
})

const FOLLOW_MS = 1_000

export const segmentQuery = (key: string) =>
  queryOptions({
    queryKey: ['segments', 'of', key],
    queryFn: () => told<Segment>(calls.GET('/api/segments/{key}', at(key))),
    // While a version is being filled, the page follows it.
    refetchInterval: ({ state: { data } }) => {
      const is = data?.state.is
      return is === 'filling' || is === 'waiting' ? FOLLOW_MS : false
    },
  })

export const segmentVersionsQuery = (key: string) =>
  queryOptions({
    queryKey: ['segments', 'of', key, 'versions'],
    queryFn: () =>
      told<{ items: SegmentVersion[] }>(calls.GET('/api/segments/{key}/versions', at(key))),
  })

export const segmentSizesQuery = (key: string, n: number) =>
  queryOptions({
    queryKey: ['segments', 'of', key, 'sizes', n],
    queryFn: () =>
      told<SegmentSizes>(
        calls.GET('/api/segments/{key}/sizes', {
          params: { path: { key }, query: { grain: 'day', n } },
        }),
      ),
  })

const MEMBERS = 20

export const segmentMembersQuery = (key: string) =>
  infiniteQueryOptions({
    queryKey: ['segments', 'of', key, 'customers'],
    queryFn: ({ pageParam }) =>
      told<Members>(
        calls.GET('/api/segments/{key}/customers', {
          params: { path: { key }, query: { limit: MEMBERS, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const createSegment = (draft: SegmentDraft) =>
  told<Segment>(calls.POST('/api/segments', { body: { kind: 'rule', ...draft } }))

export const putSegment = (key: string, body: SegmentChange) =>
  told<Segment>(calls.PUT('/api/segments/{key}', { ...at(key), body }))

export const archiveSegment = (key: string, revision: number) =>
  told<Segment>(
    calls.DELETE('/api/segments/{key}', { params: { path: { key }, query: { revision } } }),
  )

export const restoreSegment = (key: string) =>
  told<Segment>(calls.POST('/api/segments/{key}/restore', { ...at(key), body: {} }))

/** A formula, or a definition, in all its faces. */
export const readDefinition = (
  asked: { formula: string } | { definition: Definition },
  signal?: AbortSignal,
) => told<ReadDefinition>(calls.POST('/api/definitions/read', { body: asked, signal }))

export const readDefinitionQuery = (definition: Definition) =>
  queryOptions({
    queryKey: ['definitions', 'read', definition],
    queryFn: ({ signal }) => readDefinition({ definition }, signal),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  })

export interface PreviewAsk {
  definition: Definition
  /** From a part of the customers: sooner, and with an interval. */
  rough?: boolean
  /** The saved segment with which it is compared. */
  against?: string
}

export const previewQuery = (ask: PreviewAsk) =>
  queryOptions({
    queryKey: ['segment preview', ask],
    queryFn: ({ signal }) =>
      told<Preview>(calls.POST('/api/segments/preview', { body: ask, signal })),
    staleTime: 30_000,
  })
