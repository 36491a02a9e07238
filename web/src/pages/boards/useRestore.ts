// How does a deleted board come back?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { boardQuery, boardsQuery, restoreBoard } from '@/api/boardQueries'
import { described, useToast } from '@/kit'

/** It is there again for everybody, and its link leads there again. */
export function useRestore() {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: restoreBoard,
    onSuccess: (board) => {
      client.setQueryData(boardQuery(board.id).queryKey, board)
      toast.done(`“${board.name}” is back`)
    },
    onError: (error) => toast.failed(`It did not come back. ${described(error).message}`),
    onSettled: () => client.invalidateQueries({ queryKey: boardsQuery.queryKey, exact: true }),
  })
}
