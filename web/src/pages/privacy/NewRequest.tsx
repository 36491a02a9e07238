// Who asked for what, and when?
import { Button, Drawer, Radio, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { addRequest } from '@/api/privacyQueries'
import type { NewRequest, RequestKind } from '@/api/privacyTypes'
import type { CustomerRow } from '@/api/types'
import { described, Notice, QuietButton, useToast } from '@/kit'
import { dayKey } from '@/kit/time'
import { CustomerPicker } from '../know/decisions/CustomerPicker'
import { customerName } from '../know/naming'
import classes from './privacy.module.css'
import { requestKinds } from './requestWords'

interface NewRequestDrawerProps {
  opened: boolean
  onClose: () => void
  onMade: (id: string) => void
}

export function NewRequestDrawer({ opened, onClose, onMade }: NewRequestDrawerProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={560}
      title="Enter a request"
      closeButtonProps={{ 'aria-label': 'Close without entering a request' }}
    >
      <NewRequestForm onMade={onMade} />
    </Drawer>
  )
}

function NewRequestForm({ onMade }: { onMade: (id: string) => void }) {
  const [kind, setKind] = useState<RequestKind>('access')
  const [customer, setCustomer] = useState<CustomerRow | null>(null)
  const [contact, setContact] = useState('')
  const [received, setReceived] = useState(() => dayKey(new Date()))
  const [note, setNote] = useState('')
  const add = useAddRequest(onMade)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate({
      kind,
      customer_id: customer?.id,
      contact: contact.trim() || undefined,
      note: note.trim() || undefined,
      received_at: receivedAt(received),
    })
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <fieldset className={classes.kinds}>
        <legend>What do they want?</legend>
        {(Object.keys(requestKinds) as RequestKind[]).map((one) => (
          <Radio
            key={one}
            name="kind"
            value={one}
            label={requestKinds[one].label}
            description={requestKinds[one].means}
            checked={kind === one}
            data-autofocus={kind === one || undefined}
            onChange={() => setKind(one)}
          />
        ))}
      </fieldset>
      {customer ? (
        <p className={classes.row}>
          <span>
            It is <strong>{customerName(customer)}</strong>.
          </span>
          <QuietButton onClick={() => setCustomer(null)}>Somebody else</QuietButton>
        </p>
      ) : (
        <CustomerPicker
          label="Which customer is it?"
          hint="May be left empty and found out later."
          except=""
          onPick={setCustomer}
        />
      )}
      <TextInput
        label="Where does the answer go?"
        description="An e-mail or postal address. May be left empty."
        maxLength={300}
        value={contact}
        onChange={(event) => setContact(event.currentTarget.value)}
      />
      <TextInput
        label="When did it arrive?"
        description="The 30 days are counted from here."
        type="date"
        required
        withAsterisk={false}
        max={dayKey(new Date())}
        value={received}
        onChange={(event) => setReceived(event.currentTarget.value)}
      />
      <Textarea
        label="Note"
        description="By letter, by telephone, what exactly. May be left empty."
        rows={2}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {add.isError && <Notice tone="bad">{described(add.error).message}</Notice>}
      <div>
        <Button type="submit" loading={add.isPending}>
          Enter the request
        </Button>
      </div>
    </form>
  )
}

/** Noon of that day, or now if it is today: never in the future. */
function receivedAt(day: string): string {
  const now = new Date()
  const noon = new Date(`${day}T12:00:00`)
  return (noon > now || Number.isNaN(noon.getTime()) ? now : noon).toISOString()
}

function useAddRequest(onMade: (id: string) => void) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (request: NewRequest) => addRequest(request),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['privacy', 'requests'] })
      toast.done(`Request ${id} is entered`)
      onMade(id)
    },
  })
}
