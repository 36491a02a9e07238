// How is a changed board kept, and what if somebody else was faster?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { boardQuery, boardsQuery, putBoard } from '@/api/boardQueries'
import type { Board } from '@/api/boardTypes'
import { ApiFailure } from '@/api/client'
import { changeOf, type Draft } from './boardDraft'

/** Somebody saved another version meanwhile; ours is not lost. */
export const isStale = (error: unknown): boolean =>
  error instanceof ApiFailure && error.kind === 'conflict'

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
