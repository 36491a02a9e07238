// Which query is being written, and how does it stand in the address, so that it can be shared?
import { useDebouncedCallback } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Loaded } from './editor/SqlEditor'

const SETTLE_MS = 400
/** Longer addresses are cut or refused on their way. */
export const ADDRESS_MAX = 6_000

export const fitsAddress = (query: string) => encodeURIComponent(query).length <= ADDRESS_MAX

export function useQueryText() {
  const search = useSearch({ from: '/shell/ask/sql' })
  const navigate = useNavigate()
  const fromAddress = search.query ?? ''
  const [text, setText] = useState(fromAddress)
  const [loaded, setLoaded] = useState<Loaded>({ text: fromAddress, n: 0 })
  const own = useRef(fromAddress)

  const put = useCallback((next: string) => {
    setText(next)
    setLoaded(({ n }) => ({ text: next, n: n + 1 }))
  }, [])

  const write = useCallback(
    (query: string, saved: string | undefined) => {
      own.current = fitsAddress(query) ? query : ''
      const next = { query: own.current || undefined, saved }
      void navigate({ to: '/ask/sql', search: next, replace: true })
    },
    [navigate],
  )
  const settle = useDebouncedCallback(write, SETTLE_MS)

  // Somebody came by a link, or went back: what the address says counts.
  useEffect(() => {
    if (fromAddress === own.current) return
    own.current = fromAddress
    put(fromAddress)
  }, [fromAddress, put])

  return {
    text,
    loaded,
    savedId: search.saved,
    /** What the person typed. */
    onType: (next: string) => {
      setText(next)
      settle(next, search.saved)
    },
    /** Puts another query in place of this one. */
    load: (query: string, saved?: string) => {
      settle.cancel()
      put(query)
      write(query, saved)
    },
    /** The same query, now under a name (or no longer). */
    setSaved: (saved: string | undefined) => {
      settle.cancel()
      write(text, saved)
    },
  }
}
