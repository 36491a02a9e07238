// How does a page hand in answers, and see what became of them?
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { ApiFailure } from '@/api/client'
import { sessionQuery } from '@/api/queries'
import { useUser } from '@/app/useSession'
import { Outbox, type Answer, type Shelf } from './outbox'
import { problemOf } from './problems'
import { linkageQuery, sendVerdicts, undoVerdicts } from './queries'

/** One for each who signs in here: nobody's answers are sent in somebody else's name. */
const outboxes = new Map<string, Outbox>()

/** Looked up at each use: where storage is forbidden, already the look-up fails. */
const shelf: Shelf = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, text) => localStorage.setItem(key, text),
  removeItem: (key) => localStorage.removeItem(key),
}

function outboxOf(userId: string, client: QueryClient): Outbox {
  const known = outboxes.get(userId)
  if (known) return known
  const send = async (answers: Answer[]) => {
    if (client.getQueryData(sessionQuery.queryKey)?.user?.id !== userId) throw signedOut()
    return sent(answers)
  }
  const made = new Outbox(send, shelf, `rapport.review.${userId}`)
  outboxes.set(userId, made)
  return made
}

const signedOut = () =>
  new ApiFailure('unauthenticated', 'You are not signed in any more.', 'Sign in to send them.')

async function sent(answers: Answer[]): Promise<(string | null)[]> {
  const isUndo = answers[0]?.says === 'undo'
  const { results } = isUndo
    ? await undoVerdicts(answers.map((one) => one.pair))
    : await sendVerdicts(answers.flatMap(verdictOf))
  return answers.map((answer, i) => problemOf(answer, results[i]))
}

function verdictOf({ pair, says }: Answer) {
  return says === 'undo' ? [] : [{ pair_id: pair, verdict: says }]
}

export function useOutbox() {
  const userId = useUser()?.id ?? ''
  const outbox = outboxOf(userId, useQueryClient())
  const state = useSyncExternalStore(outbox.subscribe, outbox.now)
  useRefreshWhenSent(state.waiting.length)
  return { ...state, put: outbox.put, retry: outbox.retry, dismiss: outbox.dismiss }
}

/** Who is one customer shows on other pages: they ask anew once all answers have arrived. */
function useRefreshWhenSent(n_waiting: number) {
  const client = useQueryClient()
  const before = useRef(n_waiting)
  useEffect(() => {
    const wasSent = before.current > 0 && n_waiting === 0
    before.current = n_waiting
    if (!wasSent) return
    client.removeQueries({ queryKey: ['customer'], type: 'inactive' })
    client.removeQueries({ queryKey: ['customers'], type: 'inactive' })
    void client.invalidateQueries({
      queryKey: linkageQuery.queryKey,
      exact: true,
      refetchType: 'none',
    })
  }, [n_waiting, client])
}
