// Is it really wanted? The customer's number has to be typed, because nothing brings them back.
import { Button, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { erase, erasureQuery, openRequestsQuery } from '@/api/privacyQueries'
import type { ErasureReason } from '@/api/privacyTypes'
import { described, Notice, useToast } from '@/kit'
import { reasonWords } from '../erasureWords'
import classes from '../privacy.module.css'

interface EraseFormProps {
  customerId: string
  requestId: string | undefined
  onLeave: () => void
}

export function EraseForm({ customerId, requestId, onLeave }: EraseFormProps) {
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState<ErasureReason>('request')
  const request = useRequest(customerId, requestId)
  const order = useErase()
  const isSure = typed.trim() === customerId
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSure) order.mutate({ customer_id: customerId, reason, request_id: request })
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <Select
        label="Why"
        data={Object.entries(reasonWords).map(([value, label]) => ({ value, label }))}
        value={reason}
        onChange={(value) => value && setReason(value as ErasureReason)}
      />
      {request && (
        <p className="muted">Request {request} is answered by it and closed when it is done.</p>
      )}
      <TextInput
        label={`Type ${customerId} to confirm`}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {order.isError && (
        <Notice tone="bad">Nobody was erased. {described(order.error).message}</Notice>
      )}
      <div className={classes.row}>
        <Button
          type="submit"
          className={classes.danger}
          disabled={!isSure}
          loading={order.isPending}
          title={isSure ? undefined : `Type ${customerId} first`}
        >
          Erase this customer
        </Button>
        <Button variant="default" onClick={onLeave}>
          Keep this customer
        </Button>
      </div>
    </form>
  )
}

/** The request that asked for it: the one given, else an open one of theirs. */
function useRequest(customerId: string, given: string | undefined): string | undefined {
  const open = useQuery({ ...openRequestsQuery(customerId), enabled: given === undefined })
  return given ?? open.data?.items.find((request) => request.kind === 'erasure')?.id
}

function useErase() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const toast = useToast()
  return useMutation({
    mutationFn: erase,
    onSuccess: async (erasure) => {
      client.setQueryData(erasureQuery(erasure.id).queryKey, erasure)
      await navigate({ to: '/privacy/erasures/$id', params: { id: erasure.id } })
      toast.done('The erasure has begun')
      // Nothing of them may be shown again from memory.
      client.removeQueries({ queryKey: ['customer', erasure.customer_id] })
      client.removeQueries({ queryKey: ['erasure preview', erasure.customer_id] })
      void client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== 'erasure preview',
      })
    },
  })
}
