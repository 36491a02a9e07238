// What happens once somebody has proved who they are?
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { sessionQuery } from '@/api/queries'
import type { SessionUser } from '@/api/types'

/** Keeps the person and goes where they wanted to go; never to another site. */
export function useEnter() {
  const client = useQueryClient()
  const router = useRouter()
  return (user: SessionUser, next?: string) => {
    const session = client.getQueryData(sessionQuery.queryKey)
    client.setQueryData(sessionQuery.queryKey, {
      version: '',
      ...session,
      first_run: false,
      user,
    })
    router.history.replace(isOwnPath(next) ? next : '/')
  }
}

export function isOwnPath(next: string | undefined): next is string {
  return next !== undefined && /^\/(?![/\\])/.test(next)
}
