// What exactly is measured, in which unit, and who answers for it?
import type { Metric } from '@/api/metricTypes'
import { RelativeTime } from '@/kit'
import { seriesWords } from '@/kit/chart/words'
import classes from './metrics.module.css'
import { goodWords, unitWords } from './words'

export function Definition({ metric }: { metric: Metric }) {
  const { definition } = metric
  return (
    <dl className={classes.facts}>
      <Fact term="Measured">{sentence(metric.words)}</Fact>
      {definition.is === 'trend' && definition.formula && (
        <Fact term="Formula">
          <code>{definition.formula}</code>
          <ul className={classes.where}>
            {definition.series.map((series, at) => (
              <li key={at}>
                <code>{String.fromCharCode(65 + at)}</code> {seriesWords(series)}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      <Fact term="Counted in">{unitWords(metric.unit)}</Fact>
      <Fact term="Good">{goodWords(metric.good)}</Fact>
      <Fact term="Owner">
        <bdi>{metric.owner}</bdi>
      </Fact>
      <Fact term="Key">
        <code>{metric.key}</code>
      </Fact>
      <Fact term="Changed">
        <RelativeTime at={metric.changed_at} /> by <bdi>{metric.changed_by}</bdi>, version{' '}
        {metric.version}
      </Fact>
    </dl>
  )
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

export const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
