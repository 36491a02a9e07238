// Who else should come in, and in which role?
import { Button, Select, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { answer, api, ApiFailure } from '@/api/client'
import type { Role } from '@/api/types'
import { roleWords } from '@/app/rights'
import { described, Notice } from '@/kit'
import classes from './settings.module.css'

const roles = (Object.keys(roleWords) as Role[]).map((role) => ({
  value: role,
  label: roleWords[role].label,
}))

export function InviteUser({ onMade }: { onMade: (url: string, who: string) => void }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('marketer')
  const invite = useMutation({
    mutationFn: () => answer(api.POST('/api/users/invite', { body: { email, role } })),
    onSuccess: ({ invite_url }) => {
      onMade(invite_url, email)
      setEmail('')
    },
  })
  const ofField = invite.error instanceof ApiFailure && invite.error.field === 'email'
  const words = invite.error ? described(invite.error) : null

  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate()
  }

  return (
    <form onSubmit={submit} className={classes.inline}>
      <TextInput
        label="E-mail"
        type="email"
        required
        withAsterisk={false}
        className={classes.grow}
        value={email}
        error={ofField && words ? [words.message, words.hint].filter(Boolean).join(' ') : undefined}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <Select
        label="Role"
        data={roles}
        value={role}
        onChange={(value) => value && setRole(value as Role)}
      />
      <Button type="submit" loading={invite.isPending} className={classes.level}>
        Make an invitation link
      </Button>
      <p className={classes.roleHint}>
        {roleWords[role].label}: {roleWords[role].may}.
      </p>
      {invite.isError && !ofField && words && (
        <Notice tone="bad">{[words.message, words.hint].filter(Boolean).join(' ')}</Notice>
      )}
    </form>
  )
}
