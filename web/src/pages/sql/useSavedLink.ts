// The address names a saved query: what is it, and how is it looked at?
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { savedQuery } from './queries'
import type { SavedQuery } from './types'

/** Calls `onFound` once with the query that the page was opened with, if it is still there. */
export function useSavedLink(savedId: string | undefined, onFound: (saved: SavedQuery) => void) {
  const wanted = useRef(savedId)
  const found = useQuery(savedQuery).data?.queries.find(({ id }) => id === savedId)
  useEffect(() => {
    if (!found || found.id !== wanted.current) return
    wanted.current = undefined
    onFound(found)
  }, [found, onFound])
}
