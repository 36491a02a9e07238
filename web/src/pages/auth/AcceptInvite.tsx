// What does a one-time link do? Its bearer sets a name and a password, and is in.
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { roleWords } from '@/app/rights'
import { isNotFound } from '@/api/client'
import { inviteQuery } from '@/api/queries'
import type { Invite } from '@/api/types'
import { ErrorState, RelativeTime, Skeleton } from '@/kit'
import classes from './auth.module.css'
import { AuthPage } from './AuthPage'
import { InviteForm } from './InviteForm'

const titles: Record<Invite['purpose'], string> = {
  first_admin: 'Welcome to Rapport',
  invite: 'You are invited',
  password_reset: 'Set a new password',
}

export function AcceptInvite() {
  const { token } = useParams({ from: '/invite/$token' })
  const invite = useQuery(inviteQuery(token))

  if (invite.isPending) {
    return (
      <AuthPage title="One moment">
        <Skeleton height={36} lines={4} />
      </AuthPage>
    )
  }
  if (invite.isError) {
    if (isNotFound(invite.error)) return <Expired />
    return (
      <AuthPage title="One moment">
        <ErrorState
          what="The link could not be checked"
          error={invite.error}
          onRetry={() => void invite.refetch()}
        />
      </AuthPage>
    )
  }
  return (
    <AuthPage title={titles[invite.data.purpose]} lead={<Lead invite={invite.data} />}>
      <InviteForm token={token} invite={invite.data} />
      <p className={classes.foot}>
        This link works once and ends <RelativeTime at={invite.data.expires_at} />.
      </p>
    </AuthPage>
  )
}

function Lead({ invite }: { invite: Invite }) {
  if (invite.purpose === 'first_admin') {
    return 'You are the first here and become the admin of this installation. Others can be invited later.'
  }
  if (invite.purpose === 'password_reset') return 'Everything else stays as it was.'
  const { label, may } = roleWords[invite.role]
  return `Your role will be ${label.toLowerCase()}: ${may.charAt(0).toLowerCase()}${may.slice(1)}.`
}

function Expired() {
  return (
    <AuthPage
      title="This link does not work any more"
      lead="It has been used already, or its time is over. Nothing was changed."
    >
      <p className={classes.foot}>
        If you have set your password with it, <Link to="/sign-in">sign in</Link>. If not, ask an
        admin for a new link; for the very first admin, start the engine again and it prints one.
      </p>
    </AuthPage>
  )
}
