// What is shown when an address leads nowhere or a page breaks?
import type { ReactNode } from 'react'
import { Button } from '@mantine/core'
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { ApiFailure } from '@/api/client'
import { described, EmptyState, ErrorState, Page } from '@/kit'

/** These stand outside of the frame, so they bring the main landmark with them. */
function Bare({ children }: { children: ReactNode }) {
  return (
    <main>
      <Page width="reading">{children}</Page>
    </main>
  )
}

export function NotFound() {
  return (
    <Bare>
      <EmptyState asPage icon="search" title="There is no page at this address">
        <p>It may have been moved, or the link is cut off.</p>
        <p>
          <Link to="/">Go to Home</Link>
        </p>
      </EmptyState>
    </Bare>
  )
}

export function Crashed({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const again = () => {
    reset()
    void router.invalidate()
  }
  if (error instanceof ApiFailure) {
    return (
      <Bare>
        <ErrorState asPage what="This page could not be opened" error={error} onRetry={again} />
      </Bare>
    )
  }
  return (
    <Bare>
      <EmptyState
        asPage
        icon="circle-alert"
        title="This page broke"
        action={
          <>
            <Button variant="default" onClick={again}>
              Try again
            </Button>
            <Button variant="default" onClick={() => window.location.reload()}>
              Load it anew
            </Button>
          </>
        }
      >
        <p>It is our mistake, and nothing of your data is touched. What the browser said:</p>
        <p>
          <code>{described(error).message}</code>
        </p>
      </EmptyState>
    </Bare>
  )
}
