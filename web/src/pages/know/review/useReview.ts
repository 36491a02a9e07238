// Which pair is on the table, how far is one, and what do the answers do?
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { give, newDeck, pass, rest, takeBack, type Given } from './deck'
import type { Answer } from './outbox'
import { paceOf } from './pace'
import { linkageQuery, pairQuery, pairsQuery } from './queries'
import { pairWords } from './sides'
import { useOutbox } from './useOutbox'
import {
  isWhole,
  type FoundPair,
  type Linkage,
  type Pair,
  type PairOrder,
  type Verdict,
} from './wire'

/** So many pairs lie ready at least: half a minute's work. */
const READY_MIN = 15

export interface ReviewQuery {
  state: 'open' | 'skipped'
  order: PairOrder
  run?: string
  /** Asked before all others. */
  first?: string
}

export function useReview(query: ReviewQuery) {
  const { first, ...queue } = query
  const linkage = useQuery({ ...linkageQuery, staleTime: 0 })
  const pages = useInfiniteQuery(pairsQuery(queue))
  const wanted = useQuery(pairQuery(first ?? ''))
  const outbox = useOutbox()
  const [deck, setDeck] = useState(newDeck)
  const loaded = pages.data?.pages.flatMap((page) => page.items.filter(isWhole)) ?? []
  const left = rest([...opened(wanted.data), ...loaded], deck, onTheirWay(outbox.waiting))
  const [pair] = left
  useReadyPairs(pages, left.length)
  const n_open = linkage.data && countOf(linkage.data, queue)
  const n_atStart = useFirst(linkage.isFetchedAfterMount ? n_open : undefined) ?? n_open
  const n_given = deck.given.length
  const n_known = Math.max((n_atStart ?? 0) - n_given, left.length)

  const answerAll = (pairs: Pair[], verdict: Verdict): number => {
    const at = performance.now()
    setDeck((old) =>
      give(
        old,
        pairs.map((one) => ({ pair: one, verdict, at })),
      ),
    )
    outbox.put(pairs.map((one) => answerOf(one, verdict)))
    return at
  }
  const undo = (at?: number) => {
    const { deck: before, taken } = takeBack(deck, at)
    setDeck(before)
    outbox.put(taken.map((one) => answerOf(one.pair, 'undo')))
  }

  return {
    pair,
    linkage,
    pages,
    outbox,
    left,
    given: deck.given,
    last: deck.given.at(-1),
    /** Exact once all pages are here. */
    n_left: pages.hasNextPage && !queue.run ? n_known : left.length,
    paceMs: paceOf(answeredAt(deck.given)),
    answer: (verdict: Verdict) => pair && answerAll([pair], verdict),
    answerAll,
    undo,
    later: () => pair && setDeck((old) => pass(old, pair)),
  }
}

export type Review = ReturnType<typeof useReview>

const answerOf = (pair: Pair, says: Answer['says']): Answer => ({
  pair: pair.id,
  says,
  words: pairWords(pair),
})

/** The pair that the address names, if it can still be answered. */
function opened(pair: FoundPair | undefined): Pair[] {
  const canBeAnswered = pair && isWhole(pair) && ['open', 'skipped'].includes(pair.state)
  return canBeAnswered ? [pair] : []
}

/** Pairs whose answer was given before a reload and has not arrived yet. */
function onTheirWay(waiting: Answer[]): ReadonlySet<string> {
  const last = new Map(waiting.map((one) => [one.pair, one.says]))
  return new Set([...last].filter(([, says]) => says !== 'undo').map(([pair]) => pair))
}

function countOf({ review }: Linkage, { state, run }: Pick<ReviewQuery, 'state' | 'run'>) {
  if (run) return undefined
  return state === 'open' ? review.n_open : review.n_skipped
}

/** What was answered in one go is one answer of the pace. */
const answeredAt = (given: Given[]) => [...new Set(given.map((one) => one.at))]

/** The first value that was known; later ones have the answers of this sitting in them. */
function useFirst(value: number | undefined): number | undefined {
  const [kept, setKept] = useState(value)
  if (kept === undefined && value !== undefined) setKept(value)
  return kept ?? value
}

interface Pages {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isError: boolean
  fetchNextPage: () => unknown
}

/** Asks for the next pairs long before they are needed. */
function useReadyPairs({ hasNextPage, isFetchingNextPage, isError, ...pages }: Pages, n: number) {
  const { fetchNextPage } = pages
  const isWanted = n < READY_MIN && hasNextPage && !isFetchingNextPage && !isError
  useEffect(() => {
    if (isWanted) void fetchNextPage()
  }, [isWanted, fetchNextPage])
}
