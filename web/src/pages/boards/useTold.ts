// What is the answer to a card's question, and when is it asked again?
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { CardAsk } from '@/api/boardTypes'
import { insightQuery } from '@/api/insightQueries'
import { metricToldQuery } from '@/api/metricQueries'
import { homeQuery } from '@/api/queries'

/** The answer to a question, or to a metric over a time. */
export function useTold(ask: CardAsk) {
  const isMetric = 'metric' in ask
  const question = useQuery({ ...insightQuery(isMetric ? null : ask), placeholderData: undefined })
  const metric = useQuery(metricToldQuery(isMetric ? ask : null))
  return isMetric ? metric : question
}

/**
 * Asks again what is on the screen once the engine has taken in more events. Until when it has
 * read is what the home page asks for every few seconds.
 */
export function useAskedAgain() {
  const client = useQueryClient()
  const position = useQuery({ ...homeQuery, select: (home) => home.processor.position }).data
  const seen = useRef(position)
  useEffect(() => {
    if (position === undefined || position === seen.current) return
    const isFirst = seen.current === undefined
    seen.current = position
    if (isFirst) return
    void client.invalidateQueries({ queryKey: ['insight'] })
    void client.invalidateQueries({ queryKey: ['metric told'] })
  }, [client, position])
}
