// What is the new source called, and what kind of thing is it?
import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { answer, api } from '@/api/client'
import { sourceQuery, sourcesQuery } from '@/api/queries'
import type { SourceKind } from '@/api/types'
import { described, Icon, Notice } from '@/kit'
import classes from './listen.module.css'
import { sourceKinds } from './sourceWords'

interface CreateSourceProps {
  opened: boolean
  onClose: () => void
}

export function CreateSource({ opened, onClose }: CreateSourceProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Create a source"
      closeButtonProps={{ 'aria-label': 'Close without creating' }}
    >
      <CreateForm />
    </Modal>
  )
}

function CreateForm() {
  const [name, setName] = useState('')
  const [kind, setKind] = useState<SourceKind>('browser')
  const client = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: () => answer(api.POST('/api/sources', { body: { name: name.trim(), kind } })),
    onSuccess: (source) => {
      client.setQueryData(sourceQuery(source.id).queryKey, source)
      void client.invalidateQueries({ queryKey: sourcesQuery.queryKey })
      void navigate({ to: '/listen/sources/$id', params: { id: source.id } })
    },
  })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate()
  }

  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label="Name"
        placeholder="Web shop"
        description="As your colleagues call the site, app or system."
        required
        withAsterisk={false}
        maxLength={80}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <fieldset>
        <legend className={classes.legend}>Kind</legend>
        <div className={classes.kinds}>
          {sourceKinds.map((option) => (
            <label key={option.value} className={classes.kind}>
              <input
                type="radio"
                name="kind"
                value={option.value}
                checked={kind === option.value}
                onChange={() => setKind(option.value as SourceKind)}
              />
              <Icon name={option.icon} />
              <span>
                {option.label}
                <span className={classes.kindHint}>{option.hint}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {create.isError && <Notice tone="bad">{described(create.error).message}</Notice>}
      <div>
        <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
          Create the source
        </Button>
      </div>
    </form>
  )
}
