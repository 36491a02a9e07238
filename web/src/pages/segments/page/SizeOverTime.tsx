// How many were in the segment on each day?
import { useQuery } from '@tanstack/react-query'
import { segmentSizesQuery } from '@/api/segmentQueries'
import type { Segment } from '@/api/segmentTypes'
import { BarChart, ErrorState, Figure, Skeleton, type Bar } from '@/kit'
import { countExact, counted } from '@/kit/number'
import { dateOnly } from '@/kit/time'
import classes from './page.module.css'

const DAYS = 90

export function SizeOverTime({ segment }: { segment: Segment }) {
  const sizes = useQuery(segmentSizesQuery(segment.key, DAYS))
  return (
    <div className={classes.sizes}>
      <Figure
        label="In it now"
        value={countExact(segment.n)}
        explain={{
          definition: segment.words,
          n: counted(Math.round(segment.n / Math.max(1e-9, segment.share)), 'customer'),
          freshness: segment.freshness_at,
          through: segment.through,
          formula: segment.formula,
          version: `Version ${segment.version}, kept by ${segment.owner}`,
          sql: segment.sql,
          leftOut:
            segment.n_left_out > 0
              ? `${counted(segment.n_left_out, 'customer')} whose processing rests`
              : undefined,
        }}
      />
      {sizes.isPending ? (
        <Skeleton height={176} />
      ) : sizes.isError ? (
        <ErrorState
          what="Its size over time could not be read"
          error={sizes.error}
          onRetry={() => void sizes.refetch()}
        />
      ) : (
        <Chart items={sizes.data.items} notes={sizes.data.notes} />
      )}
    </div>
  )
}

type Sizes = { at: string; n: number; n_entered: number; n_left: number }[]

function Chart({ items, notes }: { items: Sizes; notes: { at: string; version: number }[] }) {
  const [first, last] = [items[0], items.at(-1)]
  if (!first || !last) return <p className="muted">There is no day to show yet.</p>
  const days = items.map(({ at }) => dateOnly(new Date(at)))
  const bars: Bar[] = items.map(({ n }, at) => ({ label: days[at] ?? '', value: n }))
  const entered = items.reduce((sum, one) => sum + one.n_entered, 0)
  const left = items.reduce((sum, one) => sum + one.n_left, 0)
  const change = notes.map(
    ({ at, version }) => `version ${version} counts since ${dateOnly(new Date(at))}`,
  )
  const every = Math.max(1, Math.floor(items.length / 3))
  return (
    <BarChart
      title={`Customers in it, by day, the last ${items.length} days`}
      summary={[
        `${countExact(first.n)} on ${days[0]}, ${countExact(last.n)} now; ${countExact(entered)} entered, ${countExact(left)} left`,
        ...change,
      ].join('; ')}
      bars={bars}
      describe={(bar) => {
        const one = items[bars.indexOf(bar)]
        return `${bar.label}: ${countExact(bar.value)}${one ? `, ${countExact(one.n_entered)} entered, ${countExact(one.n_left)} left` : ''}`
      }}
      ticks={days.flatMap((label, at) => (at % every === 0 ? [{ at, label }] : []))}
    />
  )
}
