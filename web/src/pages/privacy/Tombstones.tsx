// What keeps an erased customer from coming back, and how is that lifted?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { erasureQuery, liftTombstones } from '@/api/privacyQueries'
import type { Erasure } from '@/api/privacyTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { ConfirmInline, described, RelativeTime, useToast } from '@/kit'
import { counted } from '@/kit/number'
import classes from './privacy.module.css'

export function Tombstones({ erasure }: { erasure: Erasure }) {
  const { n, n_lifted, lifted_at, lifted_by } = erasure.tombstones
  const may = useMay('erase_customers')
  const lift = useLift(erasure.id)
  if (n === 0) return <p className="muted">They had no identifier under which they could.</p>
  if (n_lifted >= n) {
    return (
      <p>
        Yes
        {lifted_at && (
          <>
            , since <RelativeTime at={lifted_at} />
          </>
        )}
        {lifted_by && (
          <>
            , by <bdi>{lifted_by}</bdi>
          </>
        )}
        : what arrives under their identifiers is taken as of somebody new. What was erased stays
        erased.
      </p>
    )
  }
  return (
    <div className={classes.form}>
      <p>
        No. What arrives under {counted(n - n_lifted, 'identifier')} of theirs is refused, so that
        an old file or a browser’s memory does not bring them back. Only fingerprints of the
        identifiers are kept for that.
      </p>
      {may ? (
        <ConfirmInline
          ask="Let them come back…"
          effect="If they have become a customer again by their own wish, what arrives from now on is taken as of somebody new. What was erased stays erased."
          act="Let them come back"
          busy={lift.isPending}
          danger={false}
          onConfirm={() => lift.mutate()}
        />
      ) : (
        <p className="muted">{whyNot('erase_customers')}</p>
      )}
    </div>
  )
}

function useLift(id: string) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: () => liftTombstones(id),
    onSuccess: (erasure) => {
      client.setQueryData(erasureQuery(id).queryKey, erasure)
      void client.invalidateQueries({ queryKey: ['privacy', 'erasures'] })
      toast.done('They may come back')
    },
    onError: (error) => toast.failed(`Nothing was changed. ${described(error).message}`),
  })
}
