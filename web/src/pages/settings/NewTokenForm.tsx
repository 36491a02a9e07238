// What may the new token do, and until when?
import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { answer, api } from '@/api/client'
import { tokensQuery } from '@/api/queries'
import type { NewToken, Scope } from '@/api/types'
import { described, Notice } from '@/kit'
import classes from './settings.module.css'

const scopes: { value: Scope; label: string; hint: string }[] = [
  { value: 'read', label: 'Read', hint: 'Customers, events, sources; no keys' },
  { value: 'write', label: 'Write', hint: 'Sources and tracking plans' },
  { value: 'import', label: 'Import', hint: 'Bring in files' },
  { value: 'admin', label: 'Admin', hint: 'Everything' },
]

const lives = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'never', label: 'Never' },
]

const DAY_MS = 86_400_000

export function NewTokenForm({ onMade }: { onMade: (token: NewToken) => void }) {
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<Scope[]>(['read'])
  const [life, setLife] = useState('90')
  const client = useQueryClient()
  const create = useMutation({
    mutationFn: () => {
      const expires_at =
        life === 'never' ? null : new Date(Date.now() + Number(life) * DAY_MS).toISOString()
      return answer(
        api.POST('/api/tokens', { body: { name: name.trim(), scopes: chosen, expires_at } }),
      )
    },
    onSuccess: (token) => {
      onMade(token)
      setName('')
      void client.invalidateQueries({ queryKey: tokensQuery.queryKey })
    },
  })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate()
  }
  const toggle = (scope: Scope) =>
    setChosen((old) => (old.includes(scope) ? old.filter((s) => s !== scope) : [...old, scope]))

  return (
    <form onSubmit={submit} className={classes.form}>
      <div className={classes.inline}>
        <TextInput
          label="Name"
          placeholder="What uses it"
          required
          withAsterisk={false}
          maxLength={80}
          className={classes.grow}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Ends"
          data={lives}
          value={life}
          onChange={(value) => setLife(value ?? '90')}
        />
      </div>
      <fieldset className={classes.scopes}>
        <legend>Scopes</legend>
        {scopes.map((scope) => (
          <Checkbox
            key={scope.value}
            label={scope.label}
            description={scope.hint}
            checked={chosen.includes(scope.value)}
            onChange={() => toggle(scope.value)}
          />
        ))}
      </fieldset>
      {create.isError && <Notice tone="bad">{described(create.error).message}</Notice>}
      <div>
        <Button
          type="submit"
          loading={create.isPending}
          disabled={name.trim() === '' || chosen.length === 0}
        >
          Make the token
        </Button>
      </div>
    </form>
  )
}
