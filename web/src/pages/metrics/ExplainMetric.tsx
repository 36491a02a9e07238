// What does this number of a metric mean, and what does it rest on?
import type { ToldMetric } from '@/api/metricQueries'
import { ExplainDrawer } from '@/kit/ExplainDrawer'
import { counted } from '@/kit/number'
import { sentence } from './Definition'
import { readingOf } from './reading'
import { figure } from './words'

interface ExplainMetricProps {
  metric: NonNullable<ToldMetric['metric']>
  told: ToldMetric['told']
  opened: boolean
  onClose: () => void
}

export function ExplainMetric({ metric, told, opened, onClose }: ExplainMetricProps) {
  if (told.insight !== 'trend') return null
  const { explained } = told.answer
  const { now, absent } = readingOf(told)
  const zone = explained.clock.time_zone
  return (
    <ExplainDrawer
      opened={opened}
      onClose={onClose}
      label={metric.name}
      value={now === null ? (absent ?? 'No number yet') : figure(metric.unit, now)}
      explanation={{
        definition: sentence(explained.words),
        n: `${counted(explained.n_events, 'event')} of ${counted(explained.n_customers, 'customer')}`,
        window: `${moment(explained.from, zone)} until before ${moment(explained.until, zone)}`,
        zone,
        freshness: explained.answered_at,
        through: explained.through,
        version: `Version ${metric.version}`,
        leftOut: explained.left_out.join(' ') || 'Nothing was left out.',
        sql: explained.sql ?? undefined,
      }}
    />
  )
}

function moment(at: string, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  }).format(new Date(at))
}
