// What does one say to the pair on the table, and what did one say last?
import { Button } from '@mantine/core'
import { whyNot } from '@/app/rights'
import { Icon } from '@/kit'
import classes from './review.module.css'
import { pairWords } from './sides'
import { outOf, percent } from './strength'
import type { Review } from './useReview'
import type { Pair, Verdict } from './wire'

const verdicts: { verdict: Verdict; words: string; key: string }[] = [
  { verdict: 'same', words: 'Same person', key: 'S' },
  { verdict: 'different', words: 'Two people', key: 'D' },
  { verdict: 'skip', words: 'Cannot tell', key: 'K' },
]

const said: Record<Verdict, string> = {
  same: 'the same person',
  different: 'two people',
  skip: 'put aside',
}

interface VerdictBarProps {
  review: Review
  pair: Pair
  mayAnswer: boolean
}

export function VerdictBar({ review, pair, mayAnswer }: VerdictBarProps) {
  const why = mayAnswer ? undefined : whyNot('change_identity')
  return (
    <div className={classes.bar} role="group" aria-label="Your answer">
      <p className={classes.likely}>
        <strong>{percent(pair.probability)}</strong> likely one person
        <span className={classes.outOf}>{outOf(pair.probability)}</span>
      </p>
      <div className={classes.buttons}>
        {verdicts.map(({ verdict, words, key }) => (
          <Button
            key={verdict}
            variant="default"
            disabled={!mayAnswer}
            title={why}
            aria-keyshortcuts={key}
            rightSection={<kbd className={classes.key}>{key}</kbd>}
            onClick={() => review.answer(verdict)}
          >
            {words}
          </Button>
        ))}
        <button
          type="button"
          className={classes.quiet}
          aria-keyshortcuts="J"
          title="Leave it for later (J or Enter): it comes again at the end"
          onClick={review.later}
        >
          Later <kbd className={classes.key}>J</kbd>
        </button>
      </div>
      <LastAnswer review={review} />
    </div>
  )
}

/** Room is kept for it, so that the first answer moves nothing. */
export function LastAnswer({ review }: { review: Review }) {
  const { last, given } = review
  if (!last) return <p className={classes.last} />
  const n = given.filter((one) => one.at === last.at).length
  return (
    <p className={classes.last}>
      <span className={classes.lastWords}>
        {n > 1 ? `${n} pairs` : <bdi>{pairWords(last.pair)}</bdi>}: {said[last.verdict]}
      </span>
      <button
        type="button"
        className={classes.quiet}
        aria-keyshortcuts="U"
        onClick={() => review.undo()}
      >
        <Icon name="undo-2" size={14} /> Undo <kbd className={classes.key}>U</kbd>
      </button>
    </p>
  )
}
