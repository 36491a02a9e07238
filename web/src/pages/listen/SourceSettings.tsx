// What may be stored, is the source on, and how is its key changed?
import { Button, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { sourceQuery, sourcesQuery } from '@/api/queries'
import type { Source, SourcePatch } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { ConfirmInline, described, Notice, Section, useToast } from '@/kit'
import { countExact } from '@/kit/number'
import classes from './listen.module.css'

export function SourceSettings({ source }: { source: Source }) {
  const mayChange = useMay('change_sources')
  const patch = usePatchSource(source)
  return (
    <div className={classes.panel}>
      {!mayChange && <Notice tone="info">{whyNot('change_sources')}</Notice>}
      <Rename source={source} mayChange={mayChange} onRename={(name) => patch({ name })} />
      <Section title="What is kept">
        <Switch
          label="Keep IP addresses"
          description="Off: the address is dropped before the event is written, for good."
          checked={source.store_ip}
          disabled={!mayChange}
          onChange={(event) => patch({ store_ip: event.currentTarget.checked })}
        />
      </Section>
      <Section title="Receiving">
        <Switch
          label="Take events from this source"
          description="Off: every request with its key is refused, and the sender is told so."
          checked={source.enabled}
          disabled={!mayChange}
          onChange={(event) => patch({ enabled: event.currentTarget.checked })}
        />
      </Section>
      {mayChange && <Dangers source={source} />}
    </div>
  )
}

interface RenameProps {
  source: Source
  mayChange: boolean
  onRename: (name: string) => void
}

function Rename({ source, mayChange, onRename }: RenameProps) {
  const [name, setName] = useState(source.name)
  const changed = name.trim() !== source.name && name.trim() !== ''
  return (
    <form
      className={classes.rename}
      onSubmit={(event) => {
        event.preventDefault()
        if (changed) onRename(name.trim())
      }}
    >
      <TextInput
        label="Name"
        value={name}
        maxLength={80}
        disabled={!mayChange}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!changed}>
        Rename
      </Button>
    </form>
  )
}

/** Changes the source, says so, and offers the way back. */
function usePatchSource(source: Source) {
  const client = useQueryClient()
  const toast = useToast()
  const key = sourceQuery(source.id).queryKey

  const send = async (body: SourcePatch) => {
    const path = { id: source.id }
    const changed = await answer(api.PATCH('/api/sources/{id}', { params: { path }, body }))
    client.setQueryData(key, changed)
    void client.invalidateQueries({ queryKey: sourcesQuery.queryKey, exact: true })
  }
  const attempt = (body: SourcePatch, then?: () => void) =>
    void send(body).then(then, (error: unknown) =>
      toast.failed(`Nothing was changed. ${described(error).message}`),
    )

  return (body: SourcePatch) => {
    const before: SourcePatch = {
      name: source.name,
      store_ip: source.store_ip,
      enabled: source.enabled,
    }
    const changedKey = Object.keys(body)[0] as keyof SourcePatch
    const undo = () => attempt({ [changedKey]: before[changedKey] })
    attempt(body, () => toast.done(patchWords(body), undo))
  }
}

function patchWords(body: SourcePatch): string {
  if (body.name !== undefined) return `The source is called “${body.name}” now`
  if (body.store_ip !== undefined) {
    return body.store_ip ? 'IP addresses are kept from now on' : 'IP addresses are dropped now'
  }
  return body.enabled ? 'The source is switched on' : 'The source is switched off'
}

function Dangers({ source }: { source: Source }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const toast = useToast()
  const params = { params: { path: { id: source.id } } }
  const fail = (error: Error) => toast.failed(`Nothing was changed. ${error.message}`)

  const rotate = useMutation({
    mutationFn: () => answer(api.POST('/api/sources/{id}/rotate_key', params)),
    onSuccess: (changed) => {
      client.setQueryData(sourceQuery(source.id).queryKey, changed)
      toast.done('The source has a new write key; the old one is refused')
    },
    onError: fail,
  })
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/api/sources/{id}', params)),
    onSuccess: async () => {
      toast.done(`“${source.name}” was deleted; its events stay where they are`)
      await navigate({ to: '/listen/sources' })
      void client.invalidateQueries({ queryKey: sourcesQuery.queryKey })
    },
    onError: fail,
  })

  return (
    <>
      <Section title="Write key">
        <ConfirmInline
          ask="Make a new write key…"
          act="Make a new key"
          busy={rotate.isPending}
          effect={
            <>
              The old key stops working at once. Whatever still sends with it is refused:{' '}
              {countExact(source.n_24h)} events came with it in the last 24 hours.
            </>
          }
          onConfirm={() => rotate.mutate()}
        />
      </Section>
      <Section title="Delete">
        <ConfirmInline
          ask="Delete this source…"
          act="Delete the source"
          busy={remove.isPending}
          effect={
            <>
              Its key stops working at once and it cannot be brought back. Events that it sent stay
              on the customers’ timelines. In the last 24 hours it sent {countExact(source.n_24h)}{' '}
              events.
            </>
          }
          onConfirm={() => remove.mutate()}
        />
      </Section>
    </>
  )
}
