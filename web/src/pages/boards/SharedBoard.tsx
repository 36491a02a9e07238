// What does somebody see who was given the link to a board, and has no account here?
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { sharedBoardQuery } from '@/api/boardQueries'
import { isNotFound } from '@/api/client'
import { EmptyState, ErrorState, Page, PageHeader, RelativeTime, Skeleton } from '@/kit'
import { Mark } from '@/kit/frame/Frame'
import classes from './boards.module.css'
import { BoardGrid } from './grid/BoardGrid'
import { isLong } from './Picture'
import { SharedCard } from './SharedCard'

export function SharedBoard() {
  const { token } = useParams({ from: '/shared/$token' })
  return (
    <main id="content" className={classes.shared}>
      <div className={classes.sharedTop}>
        <Mark />
        <span>Rapport</span>
        <span className="muted">A shared board: numbers only, nothing can be changed here</span>
      </div>
      <Page>
        <Content token={token} />
      </Page>
    </main>
  )
}

function Content({ token }: { token: string }) {
  const board = useQuery(sharedBoardQuery(token))
  if (board.isError && !board.data) {
    return isNotFound(board.error) ? (
      <EmptyState asPage icon="link" title="This board is not shared any more">
        Whoever gave you the link has revoked it, or the address is not whole. Ask them for a new
        one.
      </EmptyState>
    ) : (
      <ErrorState
        asPage
        what="The board could not be read"
        error={board.error}
        onRetry={() => void board.refetch()}
      />
    )
  }
  if (!board.data) return <Skeleton height={160} lines={2} />
  const { name, note, cards } = board.data
  return (
    <>
      <PageHeader
        title={name}
        lead={
          <>
            {note && <span className={classes.sharedNote}>{note}</span>}
            Asked <RelativeTime at={new Date(board.dataUpdatedAt)} />; it asks again every minute.
          </>
        }
      />
      {cards.length === 0 ? (
        <EmptyState icon="layout-dashboard" title="Nothing is on this board yet" />
      ) : (
        <BoardGrid
          cards={cards}
          nameOf={({ title }) => title}
          isLoose={({ look }) => isLong(look)}
          render={(card) => <SharedCard card={card} token={token} />}
        />
      )}
    </>
  )
}
