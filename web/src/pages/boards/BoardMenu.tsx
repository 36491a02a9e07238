// What else may be done with a whole board?
import { Button, Menu, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { boardQuery, boardsQuery, createBoard, deleteBoard, putBoard } from '@/api/boardQueries'
import type { Board } from '@/api/boardTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { described, Icon, useToast } from '@/kit'
import { counted } from '@/kit/number'
import { changeOf } from './boardDraft'
import classes from './boards.module.css'
import { useRestore } from './useRestore'

export function BoardMenu({ board }: { board: Board }) {
  const mayChange = useMay('change_boards')
  const [asked, setAsked] = useState(false)
  const copy = useCopy(board)
  const why = mayChange ? undefined : whyNot('change_boards')
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="default" px={9} aria-label="What else to do with this board">
            <Icon name="ellipsis" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Icon name="copy" size={14} />}
            disabled={!mayChange || copy.isPending}
            title={why}
            onClick={() => copy.mutate()}
          >
            Duplicate the board
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="trash" size={14} />}
            disabled={!mayChange}
            title={why}
            onClick={() => setAsked(true)}
          >
            Delete the board…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteBoard board={board} opened={asked} onClose={() => setAsked(false)} />
    </>
  )
}

function useCopy(board: Board) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: async () => {
      const name = `${board.name} (copy)`.slice(0, 100)
      const made = await createBoard({ name, note: board.note })
      // A card that cannot be answered any more is refused: then no empty board is left over.
      return putBoard(made.id, changeOf({ ...board, name }, made.version)).catch(
        async (error: unknown) => {
          await deleteBoard(made.id)
          throw error
        },
      )
    },
    onSuccess: (made) => {
      client.setQueryData(boardQuery(made.id).queryKey, made)
      void client.invalidateQueries({ queryKey: boardsQuery.queryKey, exact: true })
      toast.done(`This is the copy: “${made.name}”`)
      return navigate({ to: '/ask/boards/$id', params: { id: made.id } })
    },
    onError: (error) => toast.failed(`The board was not copied. ${described(error).message}`),
  })
}

interface DeleteBoardProps {
  board: Board
  opened: boolean
  onClose: () => void
}

function DeleteBoard({ board, opened, onClose }: DeleteBoardProps) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const toast = useToast()
  const restore = useRestore()
  const remove = useMutation({
    mutationFn: () => deleteBoard(board.id),
    onSuccess: async () => {
      toast.done(`“${board.name}” is deleted`, () => restore.mutate(board.id))
      await navigate({ to: '/ask/boards' })
      client.removeQueries({ queryKey: boardQuery(board.id).queryKey })
      void client.invalidateQueries({ queryKey: boardsQuery.queryKey, exact: true })
    },
    onError: (error) => toast.failed(`Nothing was deleted. ${described(error).message}`),
  })
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Delete “${board.name}”?`}
      closeButtonProps={{ 'aria-label': 'Keep the board' }}
    >
      <p>
        {counted(board.cards.length, 'card')} and the note go with it, for everybody
        {board.link ? ', and the shared link stops working' : ''}. For 30 days it can be brought
        back from the list of boards. Metrics and events stay as they are.
      </p>
      <div className={classes.modalButtons}>
        <Button variant="default" data-autofocus onClick={onClose}>
          Keep the board
        </Button>
        <Button
          className={classes.danger}
          loading={remove.isPending}
          onClick={() => remove.mutate()}
        >
          Delete the board
        </Button>
      </div>
    </Modal>
  )
}
