// What did people decide about who this is, and can it be taken back?
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { customerDecisionsQuery } from '@/api/queries'
import type { Decision } from '@/api/types'
import { useMay } from '@/app/useSession'
import { ErrorState, RelativeTime, Skeleton, Status } from '@/kit'
import { ShortList } from '../profile/ShortList'
import classes from './decisions.module.css'
import { isStanding, told } from './told'
import { useTakeBack } from './useDecide'

export function Decisions({ customerId }: { customerId: string }) {
  const decisions = useQuery(customerDecisionsQuery(customerId))
  const mayUndo = useMay('change_identity')
  const takeBack = useTakeBack()
  const [busy, setBusy] = useState<string | null>(null)

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
  const undo = async (id: string) => {
    setBusy(id)
    await takeBack(id)
    setBusy(null)
  }
  return (
    <ShortList
      items={items}
      render={(decision) => (
        <Line
          key={decision.id}
          decision={decision}
          words={told(decision, items)}
          busy={busy === decision.id}
          onUndo={mayUndo && isStanding(decision) ? () => void undo(decision.id) : undefined}
        />
      )}
    />
  )
}

interface LineProps {
  decision: Decision
  words: string
  busy: boolean
  onUndo?: () => void
}

function Line({ decision, words, busy, onUndo }: LineProps) {
  const { by, at, reason, refusal, undone_by } = decision
  return (
    <li className={classes.row}>
      <div className={classes.decision}>
        <span>{words}</span>
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
          aria-label={`Undo: ${words}`}
          disabled={busy}
          onClick={onUndo}
        >
          Undo
        </button>
      )}
    </li>
  )
}
