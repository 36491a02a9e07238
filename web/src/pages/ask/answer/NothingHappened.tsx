// Why is the answer empty, and what would fill it?
import type { StoredQuestion } from '@/api/insightTypes'
import { EmptyState, QuietButton } from '@/kit'
import { isSame, periodWords, presets } from '../periods'
import { askedAbout } from '../starts'

interface NothingHappenedProps {
  asked: StoredQuestion
  onAsk: (stored: StoredQuestion) => void
}

export function NothingHappened({ asked, onAsk }: NothingHappenedProps) {
  const year = presets.find(({ label }) => label === 'last 12 months')?.period
  const { period } = asked.question
  const canWiden = year && !isSame(period, year)
  return (
    <EmptyState
      title="Nothing of this happened"
      action={
        canWiden && (
          <QuietButton onClick={() => onAsk(askedAbout(asked, year))}>
            Ask about the last 12 months
          </QuietButton>
        )
      }
    >
      <p>
        No event fits what is asked: {periodWords(period)}. Ask about a longer time, or leave a
        condition out.
      </p>
    </EmptyState>
  )
}
