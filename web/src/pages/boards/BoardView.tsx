// How does a board look to whoever reads it?
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Board, Card } from '@/api/boardTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { EmptyState, Icon, PageHeader, RelativeTime } from '@/kit'
import { NotesButton, VersionsAround } from '../notes/NotesAround'
import { BoardCard } from './BoardCard'
import { BoardMenu } from './BoardMenu'
import { CardLinks } from './CardLinks'
import classes from './boards.module.css'
import { BoardGrid } from './grid/BoardGrid'
import { isLong } from './Picture'
import { PeriodChoice } from './PeriodChoice'
import { askedOver, periodOf } from './periods'
import { ShareBoard } from './ShareBoard'
import { useAskedAgain, useTold } from './useTold'

interface BoardViewProps {
  board: Board
  /** What the address says of the time. */
  period?: string
  onPeriod: (period?: string) => void
  onEdit: (adding: boolean) => void
}

export function BoardView({ board, period, onPeriod, onEdit }: BoardViewProps) {
  const mayChange = useMay('change_boards')
  const [sharing, setSharing] = useState(false)
  useAskedAgain()
  const cards = useMemo(() => {
    const over = periodOf(period)
    return board.cards.map((card) => ({ ...card, ask: askedOver(card.ask, over) }))
  }, [board.cards, period])
  const editButton = (
    <Button
      leftSection={<Icon name="pencil" size={14} />}
      disabled={!mayChange}
      title={mayChange ? undefined : whyNot('change_boards')}
      onClick={() => onEdit(false)}
    >
      Edit the board
    </Button>
  )
  return (
    <>
      <PageHeader
        title={board.name}
        lead={board.note || undefined}
        above={<BoardsLink />}
        action={
          <>
            <Button
              variant="default"
              leftSection={<Icon name="link" size={14} />}
              onClick={() => setSharing(true)}
            >
              Share
            </Button>
            {editButton}
            <BoardMenu board={board} />
          </>
        }
      />
      {cards.length > 0 && (
        <div className={classes.controls}>
          <PeriodChoice label="Period of all cards" period={period} onPeriod={onPeriod} />
          <span className={classes.changed}>
            changed <RelativeTime at={board.changed_at} /> by <bdi>{board.changed_by}</bdi>
            {'; '}
            <NotesButton />
          </span>
        </div>
      )}
      {cards.length === 0 ? (
        <NoCards mayChange={mayChange} onAdd={() => onEdit(true)} />
      ) : (
        <BoardGrid
          cards={cards}
          nameOf={({ title }) => title}
          isLoose={({ look }) => isLong(look)}
          render={(card) => <AskedCard card={card} boardId={board.id} />}
        />
      )}
      <ShareBoard board={board} opened={sharing} onClose={() => setSharing(false)} />
    </>
  )
}

export function BoardsLink() {
  return (
    <Link to="/ask/boards" className={classes.above}>
      Boards
    </Link>
  )
}

function AskedCard({ card, boardId }: { card: Card; boardId: string }) {
  const told = useTold(card.ask)
  return (
    <VersionsAround metric={'metric' in card.ask ? card.ask.metric : undefined}>
      <BoardCard
        card={card}
        told={told}
        items={<CardLinks ask={card.ask} look={card.look} boardId={boardId} />}
      />
    </VersionsAround>
  )
}

function NoCards({ mayChange, onAdd }: { mayChange: boolean; onAdd: () => void }) {
  return (
    <EmptyState
      icon="layout-dashboard"
      title="Cards will lie here"
      action={mayChange && <Button onClick={onAdd}>Add a card</Button>}
    >
      A card shows the answer to one question, or a metric over time, and keeps itself fresh. There
      is none on this board yet.
    </EmptyState>
  )
}
