// What does this board say, now?
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { boardQuery } from '@/api/boardQueries'
import { isNotFound } from '@/api/client'
import { useMay } from '@/app/useSession'
import { Button } from '@mantine/core'
import { EmptyState, ErrorState, Page, PageHeader, Skeleton } from '@/kit'
import { NotesAround } from '../notes/NotesAround'
import { BoardEditor } from './BoardEditor'
import { BoardView } from './BoardView'

export function BoardPage() {
  const { id } = useParams({ from: '/shell/ask/boards/$id' })
  const search = useSearch({ from: '/shell/ask/boards/$id' })
  const navigate = useNavigate({ from: '/ask/boards/$id' })
  const mayChange = useMay('change_boards')
  const board = useQuery(boardQuery(id))

  if (board.isError && !board.data) {
    return (
      <Page>
        {isNotFound(board.error) ? (
          <EmptyState
            asPage
            icon="layout-dashboard"
            title="There is no such board"
            action={
              <Button component={Link} to="/ask/boards" variant="default">
                All boards
              </Button>
            }
          >
            It may have been deleted, or the address is not whole.
          </EmptyState>
        ) : (
          <ErrorState
            asPage
            what="The board could not be read"
            error={board.error}
            onRetry={() => void board.refetch()}
          />
        )}
      </Page>
    )
  }
  if (!board.data) return <BoardSkeleton />
  const edit = (on: boolean, more = {}) =>
    navigate({ search: (old) => ({ ...old, add: undefined, ...more, edit: on ? '1' : undefined }) })
  return (
    <Page>
      {search.edit && mayChange ? (
        <BoardEditor key={id} board={board.data} search={search} onLeave={() => edit(false)} />
      ) : (
        <NotesAround>
          <BoardView
            board={board.data}
            period={search.period}
            onPeriod={(period) =>
              void navigate({ search: (old) => ({ ...old, period }), replace: true })
            }
            onEdit={(adding) => void edit(true, { add: adding ? '1' : undefined })}
          />
        </NotesAround>
      )}
    </Page>
  )
}

function BoardSkeleton() {
  return (
    <Page>
      <PageHeader title="Board" lead={<Skeleton height={20} width={320} />} />
      <Skeleton height={160} />
      <Skeleton height={336} />
    </Page>
  )
}
