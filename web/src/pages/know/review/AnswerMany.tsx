// May all likely pairs be answered at once, and how many would be wrong?
import { Button, Modal, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Link } from '@tanstack/react-router'
import { ErrorState, Skeleton, useNarrow, useToast } from '@/kit'
import { counted, countExact } from '@/kit/number'
import { likelyPairsQuery } from './queries'
import classes from './review.module.css'
import { pairWords } from './sides'
import { percent } from './strength'
import type { Review } from './useReview'
import { isWhole, type Pair } from './wire'

export function AnswerMany({ review }: { review: Review }) {
  const [open, setOpen] = useState(false)
  const narrow = useNarrow()
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Answer many at once…
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title="Answer many at once"
        size={560}
        fullScreen={narrow}
        closeButtonProps={{ 'aria-label': 'Close without answering' }}
      >
        <Likely review={review} onDone={() => setOpen(false)} />
      </Modal>
    </>
  )
}

interface LikelyProps {
  review: Review
  onDone: () => void
}

function Likely({ review, onDone }: LikelyProps) {
  const likely = useQuery(likelyPairsQuery)
  const given = new Set(review.given.map((one) => one.pair.id))
  if (likely.isPending) return <Skeleton height={24} lines={6} />
  if (likely.isError) {
    return (
      <ErrorState
        what="The likeliest pairs could not be read"
        error={likely.error}
        onRetry={() => void likely.refetch()}
      />
    )
  }
  const pairs = likely.data.items.filter(isWhole).filter((pair) => !given.has(pair.id))
  return <Threshold {...{ review, onDone, pairs }} isCut={likely.data.next_cursor !== null} />
}

const SHOWN = 5
const AT_LEAST = '98'

/** The likeliest first, down to the threshold. */
export function above(pairs: Pair[], percentText: string): Pair[] | null {
  const at = Number(percentText.replace(',', '.')) / 100
  if (percentText.trim() === '' || !(at >= 0.5 && at <= 1)) return null
  return pairs.filter((pair) => pair.probability >= at)
}

function Threshold({
  review,
  onDone,
  pairs,
  isCut,
}: LikelyProps & { pairs: Pair[]; isCut: boolean }) {
  const [atLeast, setAtLeast] = useState(AT_LEAST)
  const toast = useToast()
  const chosen = above(pairs, atLeast)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!chosen || chosen.length === 0) return
    const at = review.answerAll(chosen, 'same')
    toast.done(`${counted(chosen.length, 'pair')} answered: the same person`, () => review.undo(at))
    onDone()
  }
  return (
    <form onSubmit={submit} className={classes.many}>
      <TextInput
        label="Every pair that is likely one person by at least"
        description="In percent, 50 to 100"
        error={chosen === null ? 'A number from 50 to 100' : undefined}
        inputMode="decimal"
        rightSection="%"
        data-autofocus
        value={atLeast}
        onChange={(event) => setAtLeast(event.currentTarget.value)}
      />
      <div aria-live="polite">{chosen && <Effect chosen={chosen} isCut={isCut} of={pairs} />}</div>
      <div className={classes.buttons}>
        <Button type="submit" disabled={!chosen || chosen.length === 0}>
          Say “same person” to {chosen ? counted(chosen.length, 'pair') : 'them'}
        </Button>
        <Button variant="default" onClick={onDone}>
          Answer one by one
        </Button>
      </div>
    </form>
  )
}

function wrongWords(n: number): string {
  if (n < 0.75) return 'less than one of them is'
  return n < 1.5 ? 'about one of them is' : `about ${countExact(n)} of them are`
}

function Effect({ chosen, of, isCut }: { chosen: Pair[]; of: Pair[]; isCut: boolean }) {
  if (chosen.length === 0) {
    const [likeliest] = of
    return (
      <p className="muted">
        No pair is that likely.{' '}
        {likeliest && `The likeliest is at ${percent(likeliest.probability)}.`} Pairs above the
        threshold in the{' '}
        <Link to="/know/duplicates" search={{ tab: 'settings' }}>
          settings
        </Link>{' '}
        are linked without being asked.
      </p>
    )
  }
  const n_wrong = chosen.reduce((sum, pair) => sum + 1 - pair.probability, 0)
  return (
    <>
      <p>
        {counted(chosen.length, 'pair')} would become one customer each
        {isCut &&
          chosen.length === of.length &&
          ' (the likeliest; more are left for a second time)'}
        . If the probabilities are right, {wrongWords(n_wrong)} wrong. Each can be taken back.
      </p>
      <ul className={classes.manyPairs}>
        {chosen.slice(0, SHOWN).map((pair) => (
          <li key={pair.id}>
            <bdi>{pairWords(pair)}</bdi> <span className="muted">{percent(pair.probability)}</span>
          </li>
        ))}
        {chosen.length > SHOWN && (
          <li className="muted">and {counted(chosen.length - SHOWN, 'pair')} more</li>
        )}
      </ul>
    </>
  )
}
