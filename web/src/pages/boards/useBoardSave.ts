// How is a changed board kept, and what if somebody else was faster?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { boardQuery, boardsQuery, putBoard } from '@/api/boardQueries'
import type { Board } from '@/api/boardTypes'
import { ApiFailure } from '@/api/client'
import { changeOf, type Draft } from './boardDraft'

/** Somebody saved another version meanwhile; ours is not lost. */
export const isStale = (error: unknown): boolean =>
  error instanceof ApiFailure && error.kind === 'conflict'

/** Which card it was that could not be answered, in words before the reason. */
export function refusedCard(error: unknown, { cards }: Draft): string {
  const field = error instanceof ApiFailure ? error.field : null
  const place = /^cards\[(\d+)\]/.exec(field ?? '')
  const card = place && cards[Number(place[1])]
  return card ? `The card “${card.title}” could not be answered. ` : ''
}

export function useBoardSave(id: string, onSaved: (board: Board) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ draft, version }: { draft: Draft; version: number }) =>
      putBoard(id, changeOf(draft, version)),
    onSuccess: (board) => {
      client.setQueryData(boardQuery(id).queryKey, board)
      void client.invalidateQueries({ queryKey: boardsQuery.queryKey, exact: true })
      onSaved(board)
    },
  })
}
