// Under which name and password does somebody come in?
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { answer, api, ApiFailure } from '@/api/client'
import type { Invite } from '@/api/types'
import classes from './auth.module.css'
import { Failure } from './Failure'
import { useEnter } from './useEnter'

interface InviteFormProps {
  token: string
  invite: Invite
}

export function InviteForm({ token, invite }: InviteFormProps) {
  const [name, setName] = useState('')
  const [email, setEmail] = useState(invite.email ?? '')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const accept = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/invites/{token}', {
          params: { path: { token } },
          body: { name: name.trim() || undefined, email: email || undefined, password },
        }),
      ),
    onSuccess: ({ user }) => enter(user),
  })
  const wrong = (field: string) => wrongField(accept.error, field)
  const isReset = invite.purpose === 'password_reset'

  const submit = (event: FormEvent) => {
    event.preventDefault()
    accept.mutate()
  }

  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label="Your name"
        name="name"
        autoComplete="name"
        required={!isReset}
        withAsterisk={false}
        autoFocus
        description={isReset ? 'Leave it empty to keep the one you have.' : undefined}
        value={name}
        error={wrong('name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        readOnly={invite.email !== null}
        value={email}
        error={wrong('email')}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="new-password"
        description="At least 10 characters. A few words in a row are easy to keep in mind."
        required
        withAsterisk={false}
        minLength={10}
        value={password}
        error={wrong('password')}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {accept.isError && !isOfField(accept.error) && <Failure error={accept.error} />}
      <Button type="submit" loading={accept.isPending}>
        {isReset ? 'Set the password and sign in' : 'Create my access and sign in'}
      </Button>
    </form>
  )
}

function isOfField(error: Error): boolean {
  return error instanceof ApiFailure && ['name', 'email', 'password'].includes(error.field ?? '')
}

function wrongField(error: Error | null, field: string): string | undefined {
  if (!(error instanceof ApiFailure) || error.field !== field) return undefined
  return [error.message, error.hint].filter(Boolean).join(' ')
}
