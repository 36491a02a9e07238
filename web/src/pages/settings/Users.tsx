// Who may come in, and what may they do?
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { usersQuery } from '@/api/queries'
import type { Role, User } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay, useUser } from '@/app/useSession'
import { ErrorState, Notice, Page, PageHeader, Section, Skeleton, useToast } from '@/kit'
import { counted } from '@/kit/number'
import { InviteUser } from './InviteUser'
import { MadeSecret } from './MadeSecret'
import { UsersTable } from './UsersTable'

export function Users() {
  const mayManage = useMay('manage_users')
  return (
    <Page>
      <PageHeader title="Users" lead="Who may sign in here, and in which role." />
      {mayManage ? <List /> : <Notice tone="info">{whyNot('manage_users')}</Notice>}
    </Page>
  )
}

function List() {
  const users = useQuery(usersQuery)
  const me = useUser()
  const [link, setLink] = useState<{ url: string; who: string } | null>(null)
  const change = useUserChanges()
  const reset = useMutation({
    mutationFn: (user: User) =>
      answer(api.POST('/api/users/{id}/reset', { params: { path: { id: user.id } } })),
    onSuccess: ({ invite_url }, user) => setLink({ url: invite_url, who: user.name }),
    onError: change.onError,
  })

  if (users.isPending) return <Skeleton height={40} lines={4} />
  if (users.isError) {
    return (
      <ErrorState
        what="The users could not be read"
        error={users.error}
        onRetry={() => void users.refetch()}
      />
    )
  }
  return (
    <>
      {link && (
        <MadeSecret
          text={link.url}
          label="One-time link"
          words={`Give this link to ${link.who}: it works once. Rapport sends no e-mail by itself, and the link is not shown again.`}
          onDone={() => setLink(null)}
        />
      )}
      <Section title={counted(users.data.items.length, 'user')}>
        <UsersTable
          users={users.data.items}
          myId={me?.id}
          onRole={(user, role) => change.role(user, role)}
          onDisabled={(user, disabled) => change.disabled(user, disabled)}
          onReset={(user) => reset.mutate(user)}
        />
      </Section>
      <Section title="Invite somebody">
        <InviteUser onMade={(url, who) => setLink({ url, who })} />
      </Section>
    </>
  )
}

function useUserChanges() {
  const client = useQueryClient()
  const toast = useToast()
  const onError = (error: Error) => toast.failed(`Nothing was changed. ${error.message}`)
  const patch = useMutation({
    mutationFn: ({ id, ...body }: { id: string; role?: Role; disabled?: boolean }) =>
      answer(api.PATCH('/api/users/{id}', { params: { path: { id } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
    onError,
  })
  const role = ({ id, name, role: before }: User, role: Role) =>
    patch.mutate(
      { id, role },
      {
        onSuccess: () =>
          toast.done(`${name} has another role now`, () => patch.mutate({ id, role: before })),
      },
    )
  const disabled = ({ id, name }: User, disabled: boolean) =>
    patch.mutate(
      { id, disabled },
      {
        onSuccess: () =>
          toast.done(
            disabled ? `${name} cannot sign in any more` : `${name} may sign in again`,
            () => patch.mutate({ id, disabled: !disabled }),
          ),
      },
    )
  return { role, disabled, onError }
}
