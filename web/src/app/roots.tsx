// Inside of what does every page stand? Alone, or in the frame for those who are signed in.
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, redirect } from '@tanstack/react-router'
import { sessionQuery } from '@/api/queries'
import { Crashed, NotFound } from './Fallbacks'
import { Shell } from './Shell'

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: NotFound,
  errorComponent: Crashed,
})

export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  errorComponent: Crashed,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery)
    if (session.user) return
    const next = location.href === '/' ? undefined : location.href
    throw redirect({ to: '/sign-in', search: { next } })
  },
})
