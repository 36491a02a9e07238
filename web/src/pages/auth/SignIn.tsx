// Who are you? E-mail and password, nothing else.
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { answer, api } from '@/api/client'
import { sessionQuery } from '@/api/queries'
import classes from './auth.module.css'
import { AuthPage } from './AuthPage'
import { Failure } from './Failure'
import { useEnter } from './useEnter'

export function SignIn() {
  const session = useQuery(sessionQuery)
  if (session.data?.first_run) return <FirstRun />
  return <SignInForm />
}

function SignInForm() {
  const { next } = useSearch({ from: '/sign-in' })
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const signIn = useMutation({
    mutationFn: () => answer(api.POST('/api/session', { body: { email, password } })),
    onSuccess: ({ user }) => enter(user, next),
  })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }

  return (
    <AuthPage title="Sign in">
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {signIn.isError && <Failure error={signIn.error} />}
        <Button type="submit" loading={signIn.isPending}>
          Sign in
        </Button>
      </form>
      <p className={classes.foot}>
        No password any more? An admin of this installation can make a new link for you.
      </p>
    </AuthPage>
  )
}

function FirstRun() {
  return (
    <AuthPage
      title="Nobody lives here yet"
      lead="The first admin comes in by a link that works once. The engine printed it when it started; it looks like this:"
    >
      <p className={classes.foot}>
        <code>{window.location.origin}/invite/…</code>
      </p>
      <p className={classes.foot}>
        Open that link to set your name and password. If the link is gone, start the engine again
        and it prints a new one.
      </p>
    </AuthPage>
  )
}
