// Is somebody about to ask who looks at boards, metrics or SQL? What that takes comes beforehand.
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { seenEventsQuery } from '@/api/catalogueQueries'
import { fetchEngine } from '@/kit/chart/loadEngine'

/** Where the path is one of the stage: the page, the code of charts, and which events there are. */
export function useAskSoon(path: string) {
  const router = useRouter()
  const client = useQueryClient()
  const isNear = path.startsWith('/ask/')
  useEffect(() => {
    if (!isNear) return
    return whenIdle(() => {
      void router.preloadRoute({ to: '/ask/insights' })
      fetchEngine()
      void client.prefetchQuery(seenEventsQuery)
    })
  }, [isNear, router, client])
}

const SAFARI_WAITS_MS = 500

/** Runs it when the browser has nothing else to do; gives the way to call it off. */
function whenIdle(run: () => void): () => void {
  // Safari cannot say when it is idle.
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(run, SAFARI_WAITS_MS)
    return () => clearTimeout(timer)
  }
  const handle = requestIdleCallback(run)
  return () => cancelIdleCallback(handle)
}
