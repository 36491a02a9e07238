// What did people decide about who this is, and can it be taken back?
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { customerDecisionsQuery } from '@/api/queries'
import type { Decision } from '@/api/types'
import { useMay } from '@/app/useSession'
import { ErrorState, RelativeTime, Skeleton, Status } from '@/kit'
import { ShortList } from '../profile/ShortList'
import classes from './decisions.module.css'
import { isStanding, linksOf, namesOf, told } from './told'
import { UndoDialog, type Undoing } from './UndoDialog'

export function Decisions({ customerId }: { customerId: string }) {
  const decisions = useQuery(customerDecisionsQuery(customerId))
  const mayUndo = useMay('change_identity')
  const [undoing, setUndoing] = useState<Undoing | null>(null)

  if (decisions.isPending) return <Skeleton height={20} lines={2} />
  if (decisions.isError) {
    return (
      <ErrorState
        what="The decisions could not be read"
        error={decisions.error}
        onRetry={() => void decisions.refetch()}
      />
    )
  }
  const { items } = decisions.data
  if (items.length === 0) {
    return (
      <p className="muted">
        Nobody has decided anything by hand: who this is follows from the links alone. Merges,
        withdrawn links and parted identifiers will be listed here, and each can be taken back.
      </p>
    )
  }
  return (
    <>
      <ShortList
        items={items}
        render={(decision) => {
          const words = told(decision, items)
          const ask = () => setUndoing({ id: decision.id, words })
          return (
            <Line
              key={decision.id}
              decision={decision}
              words={words}
              onUndo={mayUndo && isStanding(decision) ? ask : undefined}
            />
          )
        }}
      />
      <UndoDialog undoing={undoing} page={customerId} onClose={() => setUndoing(null)} />
    </>
  )
}

interface LineProps {
  decision: Decision
  words: string
  onUndo?: () => void
}

function Line({ decision, words, onUndo }: LineProps) {
  const { by, at, reason, refusal, undone_by } = decision
  const names = namesOf(decision)
  return (
    <li className={classes.row}>
      <div className={classes.decision}>
        <span>
          {words}
          {names && (
            <>
              : <bdi>{names}</bdi>
            </>
          )}
        </span>
        {linksOf(decision).map((link) => (
          <span key={link} className={classes.sub}>
            <bdi>{link}</bdi>
          </span>
        ))}
        <span className={classes.sub}>
          <bdi>{by}</bdi>, <RelativeTime at={at} />
        </span>
        {reason && (
          <q className={classes.reason}>
            <bdi>{reason}</bdi>
          </q>
        )}
        {undone_by !== null && (
          <span>
            <Status tone="quiet" icon="undo-2">
              Taken back
            </Status>
          </span>
        )}
        {refusal !== null && (
          <span className={classes.sub}>
            <Status tone="bad">Not carried out</Status> {refusal}
          </span>
        )}
      </div>
      {onUndo && (
        <button
          type="button"
          className={classes.quiet}
          aria-label={`Undo: ${words}…`}
          onClick={onUndo}
        >
          Undo…
        </button>
      )}
    </li>
  )
}
