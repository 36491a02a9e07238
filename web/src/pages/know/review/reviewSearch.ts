// How does the address say which pairs are asked, and in which order?
import type { ReviewQuery } from './useReview'
import type { PairOrder } from './wire'

export interface ReviewSearch {
  state?: string
  order?: string
  run?: string
  pair?: string
}

export const orders: Record<PairOrder, string> = {
  doubtful: 'Most doubtful first',
  likely: 'Likeliest first',
  newest: 'Newest first',
}

/** What the address does not say, or says wrongly, is as usual: open pairs, doubtful ones first. */
export function queryOf({ state, order, run, pair }: ReviewSearch): ReviewQuery {
  const isOrder = (word: string | undefined): word is PairOrder =>
    word !== undefined && Object.hasOwn(orders, word)
  return {
    state: state === 'skipped' ? 'skipped' : 'open',
    order: isOrder(order) ? order : 'doubtful',
    run,
    first: pair,
  }
}
