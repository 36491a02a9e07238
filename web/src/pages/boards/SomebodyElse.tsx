// Somebody else saved the board meanwhile: whose version shall it be?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { boardQuery } from '@/api/boardQueries'
import type { Board } from '@/api/boardTypes'
import { Notice, RelativeTime } from '@/kit'
import { counted } from '@/kit/number'
import classes from './boards.module.css'

interface SomebodyElseProps {
  id: string
  /** Save ours on top of this version. */
  onOver: (version: number) => void
  onTheirs: (board: Board) => void
}

export function SomebodyElse({ id, onOver, onTheirs }: SomebodyElseProps) {
  const latest = useQuery({ ...boardQuery(id), queryKey: ['boards', 'latest', id], staleTime: 0 })
  const theirs = latest.data
  return (
    <Notice tone="warn">
      <div className={classes.stale} role="alert">
        <p>
          {theirs ? (
            <>
              <bdi>{theirs.changed_by}</bdi> saved this board{' '}
              <RelativeTime at={theirs.changed_at} />, while you were changing it (
              {counted(theirs.cards.length, 'card')} now). Yours is still here, unsaved.
            </>
          ) : (
            'Somebody else saved this board while you were changing it. Yours is still here, unsaved.'
          )}
        </p>
        <div className={classes.buttons}>
          <Button variant="default" disabled={!theirs} onClick={() => theirs && onTheirs(theirs)}>
            Take theirs, lose mine
          </Button>
          <Button
            variant="default"
            disabled={!theirs}
            onClick={() => theirs && onOver(theirs.version)}
          >
            Save mine over theirs
          </Button>
        </div>
      </div>
    </Notice>
  )
}
