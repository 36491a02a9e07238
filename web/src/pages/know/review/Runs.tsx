// Which searches were made, and what did each find?
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMay } from '@/app/useSession'
import { ConfirmInline, EmptyState, ErrorState, RelativeTime, Skeleton, Status } from '@/kit'
import { duration } from '@/kit/time'
import classes from './duplicates.module.css'
import { runsQuery } from './queries'
import { canUndo, foundWords, stateWords, undoEffect, workWords } from './runWords'
import { useActOnRun } from './useRuns'
import type { Linkage, Run } from './wire'

export function Runs({ linkage }: { linkage: Linkage }) {
  const last = linkage.last_run
  const runs = useQuery(runsQuery(`${last?.id} ${last?.state}`))
  if (runs.isPending) return <Skeleton height={64} lines={3} />
  if (runs.isError) {
    return (
      <ErrorState
        what="The searches could not be read"
        error={runs.error}
        onRetry={() => void runs.refetch()}
      />
    )
  }
  const over = runs.data.items.filter((run) => run.state !== 'running')
  if (over.length === 0) return linkage.running ? null : <Never />
  return (
    <ul className={classes.runs}>
      {over.map((run) => (
        <RunLine key={run.id} run={run} />
      ))}
    </ul>
  )
}

function Never() {
  return (
    <EmptyState icon="users" title="The searches will be listed here">
      <p>
        Nobody has looked for duplicates yet. A search compares names, birthdays, addresses and
        whatever else is known; it needs no examples, and everything that it links can be undone,
        one by one or all together.
      </p>
      <p>It takes seconds for thousands of customers and about a minute for a million.</p>
    </EmptyState>
  )
}

function RunLine({ run }: { run: Run }) {
  const { tone, words } = stateWords[run.state]
  const took = run.finished_at && Date.parse(run.finished_at) - Date.parse(run.started_at)
  return (
    <li className={classes.run}>
      <div className={classes.runHead}>
        <Status tone={tone}>{words}</Status>
        <span className="muted">
          <RelativeTime at={run.started_at} />, <bdi>{run.started_by}</bdi>
          {took !== null && `, took ${duration(Number(took))}`}
        </span>
      </div>
      <p className={classes.runFound}>{foundWords(run)}</p>
      <p className="muted small">{workWords(run)}</p>
      {run.message && <p className={classes.runMessage}>{run.message}</p>}
      {run.undone_at ? (
        <p className="muted small">
          <Status tone="quiet" icon="undo-2">
            Undone
          </Status>{' '}
          <RelativeTime at={run.undone_at} />, <bdi>{run.undone_by}</bdi>
        </p>
      ) : (
        <RunActions run={run} />
      )}
    </li>
  )
}

function RunActions({ run }: { run: Run }) {
  const mayChange = useMay('change_identity')
  const undo = useActOnRun(run, 'undo')
  const isUndoable = mayChange && canUndo(run)
  if (run.n_review === 0 && !isUndoable) return null
  return (
    <div className={classes.runActions}>
      {run.n_review > 0 && (
        <Link to="/know/duplicates/review" search={{ run: run.id }}>
          Its pairs in doubt
        </Link>
      )}
      {isUndoable && (
        <ConfirmInline
          ask="Undo this search…"
          effect={undoEffect(run)}
          act="Undo this search"
          busy={undo.isPending}
          onConfirm={() => undo.mutate()}
        />
      )}
    </div>
  )
}
