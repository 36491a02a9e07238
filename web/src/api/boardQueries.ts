// Which boards are there, what is on them, and who else may see them?
import { queryOptions } from '@tanstack/react-query'
import type { BoardChange, Card, NewBoard } from './boardTypes'
import { answer, api } from './client'
import { toldOf, type ToldMetric } from './metricQueries'

export const boardsQuery = queryOptions({
  queryKey: ['boards'],
  queryFn: () => answer(api.GET('/api/boards')),
})

export const boardTemplatesQuery = queryOptions({
  queryKey: ['boards', 'templates'],
  queryFn: () => answer(api.GET('/api/boards/templates')),
  staleTime: Infinity,
})

export const boardQuery = (id: string) =>
  queryOptions({
    queryKey: ['boards', 'of', id],
    queryFn: () => answer(api.GET('/api/boards/{id}', { params: { path: { id } } })),
  })

export const createBoard = (body: NewBoard) => answer(api.POST('/api/boards', { body }))

export const putBoard = (id: string, body: BoardChange) =>
  answer(api.PUT('/api/boards/{id}', { params: { path: { id } }, body }))

export const deleteBoard = (id: string) =>
  answer(api.DELETE('/api/boards/{id}', { params: { path: { id } } }))

export const restoreBoard = (id: string) =>
  answer(api.POST('/api/boards/{id}/restore', { params: { path: { id } } }))

export const shareBoard = (id: string) =>
  answer(api.POST('/api/boards/{id}/link', { params: { path: { id } } }))

export const revokeLink = (id: string) =>
  answer(api.DELETE('/api/boards/{id}/link', { params: { path: { id } } }))

/** How often a shared board asks again: whoever looks at it has no other sign of new events. */
const SHARED_EVERY_MS = 60_000

export const sharedBoardQuery = (token: string) =>
  queryOptions({
    queryKey: ['shared', token],
    queryFn: () => answer(api.GET('/api/shared/{token}', { params: { path: { token } } })),
    refetchInterval: SHARED_EVERY_MS,
  })

/** The answer of a card, together with what was asked. */
export const sharedAnswerQuery = (token: string, card: Card) =>
  queryOptions({
    queryKey: ['shared', token, card],
    queryFn: async (): Promise<ToldMetric> => {
      const path = { token, card: card.id }
      const { metric, ...told } = await answer(
        api.POST('/api/shared/{token}/cards/{card}', { params: { path } }),
      )
      const { ask } = card
      if (!('metric' in ask)) return { asked: ask, told, metric: null }
      if (told.insight !== 'trend' || !metric) throw new Error('a metric is told as a trend')
      return toldOf({ metric, answer: told.answer }, ask)
    },
    refetchInterval: SHARED_EVERY_MS,
  })
