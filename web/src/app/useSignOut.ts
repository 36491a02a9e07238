// How does somebody leave, so that nothing of theirs stays on the screen?
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { sessionQuery } from '@/api/queries'
import { described, useToast } from '@/kit'

export function useSignOut() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const toast = useToast()
  return async () => {
    try {
      await answer(api.DELETE('/api/session'))
    } catch (error) {
      toast.failed(`You are still signed in. ${described(error).message}`)
      return
    }
    const session = client.getQueryData(sessionQuery.queryKey)
    client.clear()
    if (session) client.setQueryData(sessionQuery.queryKey, { ...session, user: null })
    await navigate({ to: '/sign-in' })
  }
}
