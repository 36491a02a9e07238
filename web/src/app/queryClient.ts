// How are answers cached, tried again, and what happens when the session has ended?
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiFailure } from '@/api/client'
import { sessionQuery } from '@/api/queries'

const RETRIES = 2

function worthAnotherTry(count: number, error: Error): boolean {
  if (!(error instanceof ApiFailure)) return count < RETRIES
  return count < RETRIES && ['unreachable', 'unavailable', 'limited'].includes(error.kind)
}

export function newQueryClient(onSignedOut: () => void): QueryClient {
  const notice = (error: Error) => {
    if (!(error instanceof ApiFailure) || error.kind !== 'unauthenticated') return
    const session = client.getQueryData(sessionQuery.queryKey)
    if (!session?.user) return
    client.setQueryData(sessionQuery.queryKey, { ...session, user: null })
    onSignedOut()
  }
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({ onError: notice }),
    defaultOptions: {
      queries: { staleTime: 5_000, retry: worthAnotherTry, retryDelay: (n) => 400 * 2 ** n },
    },
  })
  return client
}
