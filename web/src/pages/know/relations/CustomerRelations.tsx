// Who belongs to this customer: household, referrals, mentions, influence?
import { useQuery } from '@tanstack/react-query'
import { relationsQuery } from '@/api/relationQueries'
import type { Relations } from '@/api/types'
import { ErrorState, Skeleton } from '@/kit'
import { CircleGraph } from './CircleGraph'
import { Households } from './Households'
import { InfluenceFigure } from './InfluenceFigure'
import { RelationLists } from './RelationLists'
import classes from './relations.module.css'

export function CustomerRelations({ customerId }: { customerId: string }) {
  const relations = useQuery(relationsQuery(customerId))
  if (relations.isPending) return <Skeleton height={20} lines={4} />
  if (relations.isError) {
    return (
      <ErrorState
        what="The relations could not be read"
        error={relations.error}
        onRetry={() => void relations.refetch()}
      />
    )
  }
  return <Found relations={relations.data} />
}

function Found({ relations }: { relations: Relations }) {
  const { customer_id, relations: ties, waiting, households, codes, n_own } = relations
  if (ties.length + waiting.length + households.length + codes.length + n_own === 0) {
    return (
      <p className="muted">
        Nobody referred or mentioned them, they did nobody, and nobody shares their surname and
        address. Relations appear with events such as “Signed Up” with a <code>referral_code</code>.
      </p>
    )
  }
  const acts = ties.some(({ from }) => from === customer_id)
  return (
    <div className={classes.stack}>
      <CircleGraph relations={relations} />
      {acts && <InfluenceFigure customerId={customer_id} />}
      <RelationLists relations={relations} />
      <Households relations={relations} />
    </div>
  )
}
