// Why is there no pair to look at, and what comes next?
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '@/kit'
import { counted } from '@/kit/number'
import { LastAnswer } from './VerdictBar'
import classes from './review.module.css'
import type { Review, ReviewQuery } from './useReview'
import type { Linkage, Verdict } from './wire'

interface NothingProps {
  review: Review
  linkage: Linkage
  query: ReviewQuery
}

export function NothingToReview({ review, linkage, query }: NothingProps) {
  if (review.given.length > 0) return <AllAnswered review={review} query={query} />
  if (!linkage.model) {
    return (
      <EmptyState
        icon="users"
        title="Nobody has looked for duplicates yet"
        action={
          <Button component={Link} to="/know/duplicates">
            Look for duplicates
          </Button>
        }
      >
        Pairs of customers who may be one person will be shown here, two at a time, with what speaks
        for it and what against.
      </EmptyState>
    )
  }
  if (query.state === 'skipped') {
    return (
      <EmptyState icon="circle-check" title="Nothing is put aside" action={<ToQueue />}>
        Pairs to which somebody said “cannot tell” are kept here.
      </EmptyState>
    )
  }
  const { n_skipped } = linkage.review
  return (
    <EmptyState
      icon="circle-check"
      title="No pair waits for an answer"
      action={n_skipped > 0 && <ToAside n={n_skipped} />}
    >
      The last search left nothing in doubt, or all of it is answered. New pairs come with new
      customers and with the next search.
    </EmptyState>
  )
}

const ToQueue = () => (
  <Button component={Link} to="/know/duplicates/review" variant="default">
    Show the open pairs
  </Button>
)

const ToAside = ({ n }: { n: number }) => (
  <Button component={Link} to="/know/duplicates/review?state=skipped" variant="default">
    Look at the {counted(n, 'pair')} put aside
  </Button>
)

function AllAnswered({ review, query }: { review: Review; query: ReviewQuery }) {
  const n = (verdict: Verdict) => review.given.filter((one) => one.verdict === verdict).length
  const n_aside = n('skip')
  return (
    <div className={classes.done}>
      <LastAnswer review={review} />
      <EmptyState
        icon="circle-check"
        title="That was the last pair"
        action={
          <>
            <Button component={Link} to="/know/duplicates" variant="default">
              Back to duplicates
            </Button>
            {n_aside > 0 && query.state === 'open' && <ToAside n={n_aside} />}
          </>
        }
      >
        You answered {counted(review.given.length, 'pair')}: {n('same')} the same person,{' '}
        {n('different')} two people, {n_aside} put aside. The next search learns from it.
      </EmptyState>
    </div>
  )
}
