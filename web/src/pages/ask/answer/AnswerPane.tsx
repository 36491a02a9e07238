// What is the answer, in words first, then as a picture with a way to everything behind it?
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { insightQuery, type Told } from '@/api/insightQueries'
import type { StoredQuestion } from '@/api/insightTypes'
import { ErrorState, QuietButton, RelativeTime, Skeleton } from '@/kit'
import { AnswerView, summaryOf, type Chart, type Picked } from '@/kit/chart'
import { counted } from '@/kit/number'
import { NotesButton } from '@/pages/notes/NotesAround'
import { isNothing } from '../nothing'
import { missing } from '../starts'
import { AnswerActions } from './AnswerActions'
import { BehindDrawer } from './BehindDrawer'
import { NothingHappened } from './NothingHappened'
import classes from '../insights.module.css'

interface AnswerPaneProps {
  stored: StoredQuestion
  chart: Chart
  onLook: (chart: Chart) => void
  onAsk: (stored: StoredQuestion) => void
  board?: string
}

/** Two clicks in a row are one question. */
const SETTLE_MS = 120

export function AnswerPane({ stored, chart, onLook, onAsk, board }: AnswerPaneProps) {
  const what = missing(stored)
  const key = JSON.stringify(stored)
  const [settled] = useDebouncedValue(key, SETTLE_MS)
  const asked = what ? null : (JSON.parse(settled) as StoredQuestion)
  const isAskable = asked !== null && missing(asked) === null
  const told = useQuery({
    ...insightQuery(isAskable ? asked : null),
    placeholderData: keepPreviousData,
  })
  const [picked, setPicked] = useState<{ asked: StoredQuestion; picked: Picked } | null>(null)
  const picture = useRef<HTMLDivElement>(null)

  if (what) return <p className={classes.missing}>{what}</p>
  if (told.isError) {
    return (
      <ErrorState
        what="This could not be answered"
        error={told.error}
        onRetry={() => void told.refetch()}
      />
    )
  }
  const last = told.data
  if (!last || last.asked.insight !== stored.insight) {
    return <Waiting key={settled} isFirst />
  }
  const isOld = told.isPlaceholderData || settled !== key
  return (
    <section className={classes.pane} aria-label="The answer" aria-busy={isOld}>
      <div className={classes.head}>
        <p className={classes.headline} aria-live="polite">
          {unbroken(summaryOf(last.asked, last.told))}
        </p>
        <AnswerActions {...{ last, chart, onLook, board, picture }} />
      </div>
      {isOld && <Waiting key={settled} />}
      <div ref={picture} className={classes.answer} data-old={isOld || undefined}>
        {isNothing(last) ? (
          <NothingHappened asked={last.asked} onAsk={onAsk} />
        ) : (
          <AnswerView
            question={last.asked}
            answer={last.told}
            look={{ chart }}
            onPoint={(point) => setPicked({ asked: last.asked, picked: point })}
          />
        )}
      </div>
      <Foot last={last} />
      <BehindDrawer
        asked={picked?.asked ?? last.asked}
        picked={picked?.picked ?? null}
        onClose={() => setPicked(null)}
      />
    </section>
  )
}

/** A number stays on the line of its percent sign. */
const unbroken = (words: string) => words.replaceAll(' %', '\u00a0%')

function Foot({ last }: { last: Told }) {
  const { explained } = last.told.answer
  return (
    <div className={classes.foot}>
      <p>{explained.words}</p>
      <p>
        Counted over {counted(explained.n_events, 'event')} of{' '}
        {counted(explained.n_customers, 'customer')}, as of{' '}
        <RelativeTime at={explained.answered_at} />.{' '}
        {last.asked.insight === 'trend' && <NotesButton />}
      </p>
    </div>
  )
}

const LONG_MS = 2_000

/** Says so when an answer takes long, and lets one stop waiting. */
function Waiting({ isFirst = false }: { isFirst?: boolean }) {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      {isLong && (
        <p className={classes.waiting} role="status">
          Still counting. A shorter time or fewer groups is answered sooner.{' '}
          <QuietButton onClick={() => window.history.back()}>
            Back to the question before
          </QuietButton>
        </p>
      )}
      {isFirst && <Skeleton height={360} />}
    </>
  )
}
