// How far is one, and how long will it take?
import { countExact } from '@/kit/number'
import { timeLeft } from './pace'
import classes from './review.module.css'
import type { Review } from './useReview'

export function ReviewProgress({ review }: { review: Review }) {
  const { given, n_left, paceMs } = review
  const n = given.length + n_left
  if (n === 0) return 'Two records at a time; your answers also teach the search.'
  const left = timeLeft(n_left, paceMs)
  return (
    <span className={classes.progress}>
      <progress max={n} value={given.length} aria-label="Pairs answered" />
      <span>
        {countExact(given.length)} of {countExact(n)} answered{left && `; ${left}`}
      </span>
    </span>
  )
}
