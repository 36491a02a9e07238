// How is a board changed: its name, its note, its cards and where they lie?
import { Button, Menu, Textarea, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Board, Card } from '@/api/boardTypes'
import { described, EmptyState, Icon, Notice, PageHeader, useToast } from '@/kit'
import { AddCard } from './AddCard'
import { BoardCard } from './BoardCard'
import {
  draftOf,
  isChanged,
  withCard,
  withCardAgain,
  withCardChanged,
  withCopy,
  withoutCard,
  newCardId,
  sizeFor,
  type Draft,
} from './boardDraft'
import { BoardsLink } from './BoardView'
import classes from './boards.module.css'
import { CardForm } from './CardForm'
import { BoardGrid } from './grid/BoardGrid'
import { isLong } from './Picture'
import { LeaveDialog } from './LeaveDialog'
import { SomebodyElse } from './SomebodyElse'
import { isStale, refusedCard, useBoardSave } from './useBoardSave'
import { useTold } from './useTold'

interface BoardEditorProps {
  board: Board
  search: { add?: string }
  onLeave: () => Promise<void>
}

export function BoardEditor({ board, search, onLeave }: BoardEditorProps) {
  const toast = useToast()
  const [base, setBase] = useState(board)
  const [draft, setDraft] = useState<Draft>(() => draftOf(board))
  const [adding, setAdding] = useState(search.add === '1')
  const [opened, setOpened] = useState<Card | null>(null)
  const leaving = useRef(false)
  const changed = isChanged(draft, base)
  const save = useBoardSave(board.id, () => {
    toast.done('The board is saved')
    leave()
  })
  const leave = () => {
    leaving.current = true
    void onLeave()
  }
  const take = (card: Card) => {
    setDraft((old) => withoutCard(old, card.id))
    toast.done(`“${card.title}” is taken off the board`, () =>
      setDraft((old) => withCardAgain(old, card)),
    )
  }
  const put = (version: number) => save.mutate({ draft, version })

  return (
    <>
      <PageHeader
        title={`Edit “${base.name}”`}
        above={<BoardsLink />}
        action={
          <>
            <Button
              variant="default"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => setAdding(true)}
            >
              Add a card
            </Button>
            <Button variant="default" onClick={leave}>
              {changed ? 'Discard the changes' : 'Back to the board'}
            </Button>
            <Button
              loading={save.isPending}
              disabled={!changed || draft.name.trim() === ''}
              onClick={() => put(base.version)}
            >
              Save the board
            </Button>
          </>
        }
      />
      {isStale(save.error) && (
        <SomebodyElse
          id={board.id}
          onOver={put}
          onTheirs={(theirs) => {
            setBase(theirs)
            setDraft(draftOf(theirs))
            save.reset()
          }}
        />
      )}
      {save.isError && !isStale(save.error) && (
        <Notice tone="bad">
          Nothing was saved. {refusedCard(save.error, draft)}
          {described(save.error).message}
        </Notice>
      )}
      <Words draft={draft} onChange={(part) => setDraft((old) => ({ ...old, ...part }))} />
      {draft.cards.length === 0 ? (
        <EmptyState icon="layout-dashboard" title="Cards will lie here">
          Add one from a metric, or build a question and put its answer here.
        </EmptyState>
      ) : (
        <BoardGrid
          cards={draft.cards}
          nameOf={({ title }) => title}
          isLoose={({ look }) => isLong(look)}
          onArrange={(cards) => setDraft((old) => ({ ...old, cards }))}
          render={(card) => (
            <DraftCard
              card={card}
              onOpen={() => setOpened(card)}
              onCopy={() => setDraft((old) => withCopy(old, card.id, newCardId()))}
              onTake={() => take(card)}
            />
          )}
        />
      )}
      <AddCard
        opened={adding}
        boardId={board.id}
        onClose={() => setAdding(false)}
        onAdd={(card) => {
          setAdding(false)
          setDraft((old) => withCard(old, { ...card, id: newCardId() }, sizeFor(card.look.chart)))
        }}
      />
      {opened && (
        <CardForm
          card={opened}
          onClose={() => setOpened(null)}
          onChange={(part) => {
            setDraft((old) => withCardChanged(old, opened.id, part))
            setOpened(null)
          }}
        />
      )}
      <LeaveDialog what="this board" when={() => changed && !leaving.current} />
    </>
  )
}

function Words({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  return (
    <div className={classes.words}>
      <TextInput
        label="Name"
        maxLength={100}
        value={draft.name}
        error={draft.name.trim() === '' && 'A board needs a name'}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Note"
        placeholder="What it is for, and whom to ask"
        autosize
        minRows={1}
        maxRows={4}
        maxLength={1000}
        value={draft.note}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
      />
    </div>
  )
}

interface DraftCardProps {
  card: Card
  onOpen: () => void
  onCopy: () => void
  onTake: () => void
}

function DraftCard({ card, onOpen, onCopy, onTake }: DraftCardProps) {
  const told = useTold(card.ask)
  return (
    <BoardCard
      card={card}
      told={told}
      arranging
      items={
        <>
          <Menu.Item leftSection={<Icon name="pencil" size={14} />} onClick={onOpen}>
            Title, note and look…
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="copy" size={14} />} onClick={onCopy}>
            Duplicate
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="trash" size={14} />} onClick={onTake}>
            Take off the board
          </Menu.Item>
        </>
      }
    />
  )
}
