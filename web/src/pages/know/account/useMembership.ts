// Who says whether a customer belongs to an account, and how is it taken back?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { accountQuery } from '@/api/queries'
import type { CustomerRow } from '@/api/types'
import { described, useToast } from '@/kit'
import { customerName } from '../naming'

/** `true`: a member; `false`: none, and not suggested; `null`: nobody has said anything. */
export type Verdict = boolean | null

interface Change {
  customer: CustomerRow
  verdict: Verdict
  /** What there was before, for the way back. */
  before: Verdict
}

/** Says who belongs to the account, tells so, and offers the way back. */
export function useMembership(accountId: string) {
  const client = useQueryClient()
  const toast = useToast()
  const call = async ({ customer, verdict }: Pick<Change, 'customer' | 'verdict'>) => {
    const path = '/api/accounts/{id}/members/{customer}' as const
    const params = { path: { id: accountId, customer: customer.id } }
    const account =
      verdict === null
        ? await answer(api.DELETE(path, { params }))
        : await answer(api.PUT(path, { params, body: { is_member: verdict } }))
    client.setQueryData(accountQuery(accountId).queryKey, account)
    void client.invalidateQueries({ queryKey: ['accounts'] })
    void client.invalidateQueries({ queryKey: ['customer', customer.id] })
  }
  const failed = (error: unknown) =>
    toast.failed(`Nothing was changed. ${described(error).message}`)
  return useMutation({
    mutationFn: (change: Change) => call(change),
    onError: failed,
    onSuccess: (_, { customer, verdict, before }) =>
      toast.done(
        `${customerName(customer)} ${wordsOf(verdict)}`,
        () => void call({ customer, verdict: before }).catch(failed),
      ),
  })
}

function wordsOf(verdict: Verdict): string {
  if (verdict === null) return 'is as the events say again'
  return verdict ? 'belongs to this account now' : 'is put away as no member'
}
