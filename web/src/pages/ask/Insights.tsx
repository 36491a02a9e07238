// What do customers do? A question that is built as a sentence, and its answer.
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { seenEventsQuery } from '@/api/catalogueQueries'
import type { Insight, StoredQuestion } from '@/api/insightTypes'
import { EmptyState, Notice, Page, PageHeader } from '@/kit'
import { lookOf } from '@/kit/chart'
import { viewerZone } from '@/kit/time'
import { NotesAround } from '../notes/NotesAround'
import { insightNames, questionOf, searchOf, type InsightSearch } from './address'
import { AnswerPane } from './answer/AnswerPane'
import { insightWords } from './insightWords'
import { Sentence } from './sentence/Sentence'
import { turnedInto } from './starts'
import classes from './insights.module.css'

export function Insights() {
  const search: InsightSearch = useSearch({ from: '/shell/ask/insights' })
  const navigate = useNavigate()
  const { stored, trouble } = questionOf(search, viewerZone)
  const seen = useQuery(seenEventsQuery)
  const go = (next: StoredQuestion, look?: string) =>
    void navigate({
      to: '/ask/insights',
      search: { ...searchOf(next, look), board: search.board },
      resetScroll: false,
    })
  const isEmpty = seen.data?.total === 0
  return (
    <Page>
      <PageHeader
        title="Insights"
        lead="Ask what customers do. Change any underlined word; the answer follows."
      />
      {isEmpty ? (
        <NoEvents />
      ) : (
        <>
          <div>
            <Kinds now={stored.insight} onChoose={(insight) => go(turnedInto(insight, stored))} />
            <p className={classes.answers}>{insightWords[stored.insight].answers}</p>
          </div>
          {trouble && <Trouble trouble={trouble} />}
          <section aria-label="The question" className={classes.question}>
            <Sentence stored={stored} onChange={(next) => go(next, search.look)} />
          </section>
          {search.kept && !trouble && (
            <Notice tone="info">
              This question is too long for a link. It is kept in this tab only; save it to a board
              to share it.
            </Notice>
          )}
          <NotesAround>
            <AnswerPane
              stored={stored}
              chart={lookOf(stored.insight, search.look ? { chart: search.look } : null)}
              onLook={(chart) => go(stored, chart)}
              onAsk={(next) => go(next, search.look)}
              board={search.board}
            />
          </NotesAround>
        </>
      )}
    </Page>
  )
}

interface KindsProps {
  now: Insight
  onChoose: (insight: Insight) => void
}

function Kinds({ now, onChoose }: KindsProps) {
  return (
    <div className={classes.kinds} role="group" aria-label="What is asked">
      {insightNames.map((insight) => (
        <button
          key={insight}
          type="button"
          className={classes.kind}
          aria-pressed={insight === now}
          ref={insight === now ? intoView : undefined}
          title={insightWords[insight].answers}
          onClick={() => onChoose(insight)}
        >
          {insightWords[insight].name}
        </button>
      ))}
    </div>
  )
}

/** On a phone the row of insights is wider than the screen. */
const intoView = (button: HTMLButtonElement | null) =>
  button?.scrollIntoView({ block: 'nearest', inline: 'nearest' })

function Trouble({ trouble }: { trouble: 'unreadable' | 'elsewhere' }) {
  return (
    <Notice tone="warn">
      {trouble === 'elsewhere'
        ? 'The question of this link was too long for it and is kept in the tab where it was asked. Below is the usual first question instead.'
        : 'The question in this link could not be read, perhaps because the link was cut off. Below is the usual first question instead.'}
    </Notice>
  )
}

function NoEvents() {
  return (
    <EmptyState icon="activity" title="There is nothing to ask about yet">
      <p>
        Here you will ask how many customers do something, in which order, and who comes back. For
        that, events have to come in, and none has so far.
      </p>
      <p>
        <Link to="/listen/sources">Connect a source</Link> or{' '}
        <Link to="/listen/imports">import a file</Link>. To look around first, run{' '}
        <code>rapport demo</code>: it fills a data directory of its own with a simulated company.
      </p>
    </EmptyState>
  )
}
