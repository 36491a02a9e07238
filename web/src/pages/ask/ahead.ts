// What can be on its way before the page of insights is there?
import type { QueryClient } from '@tanstack/react-query'
import { insightQuery } from '@/api/insightQueries'
import { fetchEngine } from '@/kit/chart/loadEngine'
import { viewerZone } from '@/kit/time'
import { questionOf, type InsightSearch } from './address'
import { missing } from './starts'

/** Asks what the address asks, and fetches what draws the answer: neither needs the page. */
export function askAhead(client: QueryClient, search: InsightSearch) {
  const { stored } = questionOf(search, viewerZone)
  if (missing(stored) === null) void client.prefetchQuery(insightQuery(stored))
  fetchEngine()
}
