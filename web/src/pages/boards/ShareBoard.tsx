// Who can see this board without signing in?
import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { boardQuery, boardsQuery, revokeLink, shareBoard } from '@/api/boardQueries'
import type { Board } from '@/api/boardTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { CodeBlock, ConfirmInline, described, Notice, RelativeTime, useToast } from '@/kit'
import classes from './boards.module.css'

interface ShareBoardProps {
  board: Board
  opened: boolean
  onClose: () => void
}

export function ShareBoard({ board, opened, onClose }: ShareBoardProps) {
  const mayChange = useMay('change_boards')
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Share “${board.name}”`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.form}>
        <p>
          Whoever has the link sees the cards of this board as they are now, without signing in.
          They see numbers only: no customers, no names of colleagues, nothing that is withheld from
          any role. They cannot change anything.
        </p>
        {!mayChange && <Notice tone="info">{whyNot('change_boards')}</Notice>}
        <LinkState board={board} mayChange={mayChange} />
      </div>
    </Modal>
  )
}

function LinkState({ board, mayChange }: { board: Board; mayChange: boolean }) {
  const { share, revoke } = useLink(board.id)
  const failed = share.error ?? revoke.error
  return (
    <>
      {failed && <Notice tone="bad">Nothing was changed. {described(failed).message}</Notice>}
      {board.link ? (
        <>
          <CodeBlock code={addressOf(board.link.token)} label="Link to this board" wrap />
          <p className="muted small">
            Made <RelativeTime at={board.link.created_at} />.
          </p>
          {mayChange && (
            <ConfirmInline
              ask="Revoke the link…"
              act="Revoke the link"
              busy={revoke.isPending}
              effect="Whoever opens it from then on is told that the board is no longer shared. A new link will have another address."
              onConfirm={() => revoke.mutate()}
            />
          )}
        </>
      ) : (
        mayChange && (
          <div>
            <Button loading={share.isPending} onClick={() => share.mutate()}>
              Make a link
            </Button>
          </div>
        )
      )}
    </>
  )
}

function useLink(id: string) {
  const client = useQueryClient()
  const toast = useToast()
  const { queryKey } = boardQuery(id)
  const listed = () => client.invalidateQueries({ queryKey: boardsQuery.queryKey, exact: true })
  const share = useMutation({
    mutationFn: () => shareBoard(id),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey }), listed()]),
  })
  const revoke = useMutation({
    mutationFn: () => revokeLink(id),
    onSuccess: () => {
      toast.done('The link no longer works')
      return Promise.all([client.invalidateQueries({ queryKey }), listed()])
    },
  })
  return { share, revoke }
}

const addressOf = (token: string) => `${window.location.origin}/shared/${token}`
