// How does a metric look to whoever reads it?
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Metric } from '@/api/metricTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Icon, Notice, PageHeader, QuietButton, Section } from '@/kit'
import boards from '../boards/boards.module.css'
import { PeriodChoice } from '../boards/PeriodChoice'
import { periodOf } from '../boards/periods'
import { useAskedAgain } from '../boards/useTold'
import { Alerts } from './alerts/Alerts'
import { Definition } from './Definition'
import { frameOver } from './frames'
import { MetricMenu } from './MetricMenu'
import { MetricNumbers } from './MetricNumbers'
import { Said } from './Said'
import { Versions } from './Versions'

/** What is shown while the address says nothing of the time. */
export const FIRST_PERIOD = 'last-90-day'

interface MetricViewProps {
  metric: Metric
  period?: string
  version?: string
  onSearch: (part: { period?: string; version?: string }) => void
  onEdit: () => void
}

export function MetricView({ metric, period, version, onSearch, onEdit }: MetricViewProps) {
  const mayChange = useMay('change_boards')
  useAskedAgain()
  const asked = Number(version)
  const shown = asked > 0 && asked < metric.version ? asked : null
  const over = periodOf(period) ?? periodOf(FIRST_PERIOD)!
  const frame = { ...frameOver(metric, over), version: shown }
  return (
    <>
      <PageHeader
        title={metric.name}
        lead={metric.note && <Said words={metric.note} />}
        above={<MetricsLink />}
        action={
          <>
            <Button
              leftSection={<Icon name="pencil" size={14} />}
              disabled={!mayChange}
              title={mayChange ? undefined : whyNot('change_boards')}
              onClick={onEdit}
            >
              {metric.is_archived ? 'Use it again…' : 'Edit the metric'}
            </Button>
            {!metric.is_archived && <MetricMenu metric={metric} />}
          </>
        }
      />
      {metric.is_archived && (
        <Notice tone="info">
          This metric is out of use. Boards that show it go on; saving it brings it back.
        </Notice>
      )}
      {shown !== null && (
        <Notice
          tone="warn"
          action={
            <QuietButton onClick={() => onSearch({ version: undefined })}>
              Show version {metric.version}
            </QuietButton>
          }
        >
          These are the numbers of version {shown}. Since then something else is measured: version{' '}
          {metric.version} counts now.
        </Notice>
      )}
      <div className={boards.controls}>
        <PeriodChoice
          label="Period"
          usual={FIRST_PERIOD}
          period={period ?? FIRST_PERIOD}
          onPeriod={(next) => onSearch({ period: next === FIRST_PERIOD ? undefined : next })}
        />
      </div>
      <MetricNumbers metric={metric} frame={frame} />
      <Section title="What it means">
        <Definition metric={metric} />
      </Section>
      <Alerts metric={metric} />
      <Section title="Versions">
        <Versions
          metric={metric}
          shown={shown ?? metric.version}
          onShow={(n) => onSearch({ version: n === metric.version ? undefined : String(n) })}
        />
      </Section>
    </>
  )
}

export function MetricsLink() {
  return (
    <Link to="/ask/metrics" className={boards.above}>
      Metrics
    </Link>
  )
}
