// Which boards are there, and how does one begin another?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { boardsQuery } from '@/api/boardQueries'
import type { BoardLine } from '@/api/boardTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import {
  EmptyState,
  ErrorState,
  Icon,
  Page,
  PageHeader,
  RecentlyDeleted,
  RelativeTime,
  Section,
  Skeleton,
  Status,
} from '@/kit'
import { counted } from '@/kit/number'
import classes from './boards.module.css'
import { NewBoard } from './NewBoard'
import { Templates } from './Templates'
import { useRestore } from './useRestore'

export function Boards() {
  const search = useSearch({ from: '/shell/ask/boards' })
  const navigate = useNavigate({ from: '/ask/boards' })
  const mayChange = useMay('change_boards')
  const show = (on: boolean) => void navigate({ search: on ? { new: '1' } : {}, replace: true })
  return (
    <Page>
      <PageHeader
        title="Boards"
        lead="Answers side by side, fresh while you look, for you and for whoever has the link."
        action={
          <Button
            leftSection={<Icon name="plus" size={14} />}
            disabled={!mayChange}
            title={mayChange ? undefined : whyNot('change_boards')}
            onClick={() => show(true)}
          >
            New board
          </Button>
        }
      />
      <List />
      {mayChange && (
        <Section title="Begin with a template">
          <Templates />
        </Section>
      )}
      <Deleted />
      <NewBoard opened={mayChange && search.new === '1'} onClose={() => show(false)} />
    </Page>
  )
}

function List() {
  const boards = useQuery(boardsQuery)
  if (boards.isPending) return <Skeleton height={56} lines={3} />
  if (boards.isError) {
    return (
      <ErrorState
        what="The boards could not be read"
        error={boards.error}
        onRetry={() => void boards.refetch()}
      />
    )
  }
  if (boards.data.boards.length === 0) {
    return (
      <EmptyState icon="layout-dashboard" title="Your boards will be listed here">
        There is none yet. A template fills one at once with what most shops look at; an empty one
        waits for your own questions.
      </EmptyState>
    )
  }
  return (
    <ul className={classes.lines} aria-label="Boards">
      {boards.data.boards.map((board) => (
        <Line key={board.id} board={board} />
      ))}
    </ul>
  )
}

function Deleted() {
  const boards = useQuery(boardsQuery)
  const restore = useRestore()
  return (
    <RecentlyDeleted
      items={boards.data?.deleted ?? []}
      busyId={restore.isPending ? restore.variables : undefined}
      onRestore={({ id }) => restore.mutate(id)}
    />
  )
}

function Line({ board }: { board: BoardLine }) {
  return (
    <li className={classes.line}>
      <Link to="/ask/boards/$id" params={{ id: board.id }} className={classes.lineLink}>
        <span className={classes.lineName}>{board.name}</span>
        {board.note && <span className={classes.lineNote}>{board.note}</span>}
      </Link>
      <span className={classes.sub}>
        {counted(board.n_cards, 'card')}, changed <RelativeTime at={board.changed_at} />, made by{' '}
        <bdi>{board.owner}</bdi>
      </span>
      {board.is_shared && (
        <Status tone="quiet" icon="link" title="Whoever has the link sees it without signing in">
          Shared
        </Status>
      )}
    </li>
  )
}
