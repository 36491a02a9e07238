// How far can one trust the probabilities, and what does the search go by?
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { EmptyState, ErrorState, RelativeTime, Section, Skeleton } from '@/kit'
import { countExact, counted, measure } from '@/kit/number'
import classes from './duplicates.module.css'
import { ModelFields } from './ModelFields'
import { reliabilityQuery } from './queries'
import { judgement, PAIRS_MIN, pointsOf, pointWords, summaryOf } from './reliability'
import { ReliabilityCurve } from './ReliabilityCurve'
import { percent } from './strength'
import type { Linkage, Model } from './wire'

export function HowSure({ linkage }: { linkage: Linkage }) {
  const { model } = linkage
  if (!model) {
    return (
      <EmptyState icon="activity" title="What the search goes by will be shown here">
        The first search learns from your customers how much each agreement says. Nothing has been
        learned yet.
      </EmptyState>
    )
  }
  return (
    <div className={classes.sections}>
      <Section title="Does a probability mean what it says?">
        <Checked />
      </Section>
      <Section title="What it goes by" aside={<LearnedFrom model={model} />}>
        <ModelFields fields={model.fields} />
      </Section>
      <Section title="Which pairs were compared at all">
        <Compared model={model} />
      </Section>
    </div>
  )
}

function LearnedFrom({ model }: { model: Model }) {
  return (
    <>
      learned <RelativeTime at={model.learned_at} /> from {counted(model.n_records, 'customer')} and{' '}
      {counted(model.n_verdicts, 'answer')}
    </>
  )
}

function Checked() {
  const reliability = useQuery(reliabilityQuery)
  if (reliability.isPending) return <Skeleton height={220} />
  if (reliability.isError) {
    return (
      <ErrorState
        what="The check could not be read"
        error={reliability.error}
        onRetry={() => void reliability.refetch()}
      />
    )
  }
  const summary = summaryOf(reliability.data)
  const points = pointsOf(reliability.data)
  const { n_verdicts, error } = reliability.data
  if (!summary) {
    return (
      <p className={classes.reading}>
        Not known yet: {counted(n_verdicts, 'answer')} of at least {PAIRS_MIN} that are needed.{' '}
        <Link to="/know/duplicates/review" data-inline-link>
          Each pair that you answer
        </Link>{' '}
        is held against what was claimed about it.
      </p>
    )
  }
  return (
    <div className={classes.checked}>
      <div className={classes.reading}>
        <p className={classes.answer}>{summary}</p>
        <p>{judgement(points)}</p>
        <ul className={classes.pointWords}>
          {points.map((point) => (
            <li key={point.bin.from}>{pointWords(point)}</li>
          ))}
        </ul>
        <p className="muted small">
          From the latest {counted(n_verdicts, 'answer')} of people, who are asked about doubtful
          pairs most.
          {error !== null && ` On average a probability is off by ${percent(error)}.`}
        </p>
      </div>
      <ReliabilityCurve points={points} />
    </div>
  )
}

function Compared({ model }: { model: Model }) {
  const { rules, coverage, n_matches_est } = model
  return (
    <div className={classes.reading}>
      <p>
        Not every two customers can be compared, only those who share at least one of the following.
        {n_matches_est < 0.5
          ? 'As far as can be estimated, nobody is here twice.'
          : `That reaches ${percent(coverage)} of the duplicates that looser rules would reach; about ${measure(n_matches_est)} pairs of records are estimated to be one person.`}
      </p>
      <ol className={classes.rules}>
        {rules.map((rule, i) => (
          <li key={rule}>
            <span className="muted">{countExact(i + 1)}</span> {rule}
          </li>
        ))}
      </ol>
    </div>
  )
}
