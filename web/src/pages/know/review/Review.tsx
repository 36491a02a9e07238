// Are these two the same person? One pair after the other, by keyboard, without waiting.
import { Link, useSearch } from '@tanstack/react-router'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { ErrorState, Notice, Page, PageHeader, Skeleton } from '@/kit'
import { AnswerMany } from './AnswerMany'
import { NothingToReview } from './NothingToReview'
import { OnTheWay } from './OnTheWay'
import { PairView } from './PairView'
import { ReviewControls, useNumbers } from './ReviewControls'
import { ReviewProgress } from './ReviewProgress'
import classes from './review.module.css'
import { queryOf } from './reviewSearch'
import { pairWords } from './sides'
import { percent } from './strength'
import { useReview, type Review as Sitting } from './useReview'
import { useReviewKeys } from './useReviewKeys'
import { VerdictBar } from './VerdictBar'

export function Review() {
  const search = useSearch({ from: '/shell/know/duplicates/review' })
  const query = queryOf(search)
  // Another queue is another sitting.
  return <Queue key={JSON.stringify({ ...query, first: undefined })} query={query} />
}

function Queue({ query }: { query: ReturnType<typeof queryOf> }) {
  const review = useReview(query)
  const mayAnswer = useMay('change_identity')
  const { numbers, toggle } = useNumbers()
  const { pair, last } = review
  const can = mayAnswer && pair !== undefined
  useReviewKeys({
    s: can ? () => review.answer('same') : undefined,
    d: can ? () => review.answer('different') : undefined,
    k: can ? () => review.answer('skip') : undefined,
    j: pair && review.later,
    Enter: pair && review.later,
    u: mayAnswer && last ? () => review.undo() : undefined,
    n: pair && toggle,
  })
  return (
    <Page>
      <PageHeader
        title="Are they the same person?"
        above={
          <Link to="/know/duplicates" className={classes.back}>
            Duplicates
          </Link>
        }
        lead={<ReviewProgress review={review} />}
        action={mayAnswer && pair && <AnswerMany review={review} />}
      />
      {!mayAnswer && <Notice tone="info">{whyNot('change_identity')}</Notice>}
      <OnTheWay outbox={review.outbox} />
      <Table review={review} query={query} numbers={numbers} mayAnswer={mayAnswer} />
    </Page>
  )
}

interface TableProps {
  review: Sitting
  query: ReturnType<typeof queryOf>
  numbers: boolean
  mayAnswer: boolean
}

function Table({ review, query, numbers, mayAnswer }: TableProps) {
  const { pair, pages, linkage } = review
  if (pair) {
    return (
      <div className={classes.work}>
        <ReviewControls query={query} />
        <VerdictBar review={review} pair={pair} mayAnswer={mayAnswer} />
        <p className="visually-hidden" aria-live="polite">
          {pairWords(pair)}, {percent(pair.probability)} likely one person.
        </p>
        <section aria-label={pairWords(pair)}>
          <PairView key={pair.id} pair={pair} numbers={numbers} />
        </section>
      </div>
    )
  }
  if (pages.isError || linkage.isError) {
    const retry = () => void Promise.all([pages.refetch(), linkage.refetch()])
    return (
      <ErrorState
        what="The pairs could not be read"
        error={pages.error ?? linkage.error}
        onRetry={retry}
      />
    )
  }
  if (pages.isPending || pages.isFetchingNextPage || !linkage.data) {
    return <Skeleton height={44} lines={8} />
  }
  return <NothingToReview review={review} linkage={linkage.data} query={query} />
}
