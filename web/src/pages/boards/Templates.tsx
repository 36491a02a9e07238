// Which boards work at once, with what is usually sent?
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { boardQuery, boardsQuery, boardTemplatesQuery, createBoard } from '@/api/boardQueries'
import type { BoardTemplate, NewBoard } from '@/api/boardTypes'
import { described, ErrorState, Skeleton, useToast } from '@/kit'
import { counted } from '@/kit/number'
import classes from './boards.module.css'

export function Templates() {
  const templates = useQuery(boardTemplatesQuery)
  const create = useCreateBoard()
  if (templates.isPending) return <Skeleton height={120} />
  if (templates.isError) {
    return (
      <ErrorState
        what="The templates could not be read"
        error={templates.error}
        onRetry={() => void templates.refetch()}
      />
    )
  }
  return (
    <ul className={classes.templates} aria-label="Templates">
      {templates.data.templates.map((template) => (
        <Template
          key={template.key}
          template={template}
          busy={create.isPending && create.variables.template === template.key}
          onTake={() => create.mutate({ template: template.key })}
        />
      ))}
    </ul>
  )
}

interface TemplateProps {
  template: BoardTemplate
  busy: boolean
  onTake: () => void
}

function Template({ template, busy, onTake }: TemplateProps) {
  return (
    <li className={classes.template}>
      <h3>{template.name}</h3>
      <p>{template.note}</p>
      <div className={classes.templateEnd}>
        <span className="muted small">{counted(template.n_cards, 'card')}</span>
        <Button
          variant="default"
          size="xs"
          loading={busy}
          aria-label={`Use it: ${template.name}`}
          onClick={onTake}
        >
          Use it
        </Button>
      </div>
    </li>
  )
}

/** Makes a board and opens it. */
export function useCreateBoard() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const toast = useToast()
  return useMutation({
    mutationFn: (board: NewBoard & { template?: string }) => createBoard(board),
    onSuccess: (board) => {
      client.setQueryData(boardQuery(board.id).queryKey, board)
      void client.invalidateQueries({ queryKey: boardsQuery.queryKey, exact: true })
      return navigate({ to: '/ask/boards/$id', params: { id: board.id } })
    },
    onError: (error) => toast.failed(`No board was made. ${described(error).message}`),
  })
}
