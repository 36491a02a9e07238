// How does an answer that was just read get onto a board?
import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { boardQuery, boardsQuery, createBoard, putBoard } from '@/api/boardQueries'
import type { Board, CardChart } from '@/api/boardTypes'
import type { StoredQuestion } from '@/api/insightTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { described, Icon, Notice, Skeleton } from '@/kit'
import { changeOf, draftOf, newCardId, sizeFor, withCard } from './boardDraft'
import classes from './boards.module.css'
import { isStale } from './useBoardSave'

interface AddToBoardProps {
  question: StoredQuestion
  chart: string
  /** What the card is called, unless somebody says otherwise. */
  title: string
  /** The board from which one came. */
  boardId?: string
}

export function AddToBoard(props: AddToBoardProps) {
  const mayChange = useMay('change_boards')
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="layout-dashboard" size={14} />}
        disabled={!mayChange}
        title={mayChange ? undefined : whyNot('change_boards')}
        onClick={() => setOpened(true)}
      >
        Add to a board
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Add to a board"
        closeButtonProps={{ 'aria-label': 'Close without a card' }}
      >
        <Form {...props} onClose={() => setOpened(false)} />
      </Modal>
    </>
  )
}

const NEW = 'new'

function Form({ onClose, ...props }: AddToBoardProps & { onClose: () => void }) {
  const boards = useQuery(boardsQuery)
  const [title, setTitle] = useState(props.title)
  const [chosen, setChosen] = useState<string | null>(props.boardId ?? null)
  const [name, setName] = useState('')
  const add = useAdd(props)
  if (boards.isPending) return <Skeleton height={36} lines={3} />
  const lines = boards.data?.boards ?? []
  const board = chosen ?? lines[0]?.id ?? NEW
  if (add.data) return <Added board={add.data} onClose={onClose} />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({ title: title.trim(), board: board === NEW ? { name: name.trim() } : board })
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label="Title of the card"
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Select
        label="Board"
        data={[
          ...lines.map(({ id, name: label }) => ({ value: id, label })),
          { value: NEW, label: 'A new board…' },
        ]}
        value={board}
        onChange={setChosen}
      />
      {board === NEW && (
        <TextInput
          label="Name of the new board"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      {add.isError && <Notice tone="bad">Nothing was added. {described(add.error).message}</Notice>}
      <div>
        <Button
          type="submit"
          loading={add.isPending}
          disabled={title.trim() === '' || (board === NEW && name.trim() === '')}
        >
          Add the card
        </Button>
      </div>
    </form>
  )
}

function Added({ board, onClose }: { board: Board; onClose: () => void }) {
  return (
    <div className={classes.form} role="status">
      <Notice tone="good">The card lies on “{board.name}” now.</Notice>
      <div className={classes.buttons}>
        <Button component={Link} to={`/ask/boards/${board.id}`}>
          Open the board
        </Button>
        <Button variant="default" onClick={onClose}>
          Stay here
        </Button>
      </div>
    </div>
  )
}

interface Wanted {
  title: string
  board: string | { name: string }
}

/** A card more does not undo what somebody else did: where they were faster, it is put again. */
function useAdd({ question, chart }: AddToBoardProps) {
  const client = useQueryClient()
  const withThis = (board: Board, title: string) => {
    const look = { chart: chart as CardChart }
    const card = { id: newCardId(), title, note: null, ask: question, look }
    return putBoard(
      board.id,
      changeOf(withCard(draftOf(board), card, sizeFor(look.chart)), board.version),
    )
  }
  const latest = (id: string) => client.fetchQuery({ ...boardQuery(id), staleTime: 0 })
  return useMutation({
    mutationFn: async ({ title, board }: Wanted) => {
      if (typeof board !== 'string') return withThis(await createBoard(board), title)
      try {
        return await withThis(await latest(board), title)
      } catch (error) {
        if (!isStale(error)) throw error
        return withThis(await latest(board), title)
      }
    },
    onSuccess: (board) => {
      client.setQueryData(boardQuery(board.id).queryKey, board)
      void client.invalidateQueries({ queryKey: boardsQuery.queryKey, exact: true })
    },
  })
}
