// Who is told when this metric is not as it should be?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { alertsQuery } from '@/api/alertQueries'
import type { Alert } from '@/api/alertTypes'
import type { Metric } from '@/api/metricTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { MadeSecret } from '@/pages/settings/MadeSecret'
import { EmptyState, ErrorState, Icon, Section, Skeleton } from '@/kit'
import { AlertForm } from './AlertForm'
import { AlertLine } from './AlertLine'
import classes from './alerts.module.css'

export function Alerts({ metric }: { metric: Metric }) {
  const mayChange = useMay('change_boards')
  const [opened, setOpened] = useState<Alert | 'new' | null>(null)
  const [made, setMade] = useState<Alert | null>(null)
  return (
    <Section
      title="Alerts"
      aside={
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="bell" size={14} />}
          disabled={!mayChange || metric.is_archived}
          title={mayChange ? undefined : whyNot('change_boards')}
          onClick={() => setOpened('new')}
        >
          New alert
        </Button>
      }
    >
      {made?.webhook?.secret && (
        <MadeSecret
          text={made.webhook.secret}
          label="Secret of the webhook"
          words="The server can check with this secret that a message comes from here. Copy it now: it is not shown again."
          onDone={() => setMade(null)}
        />
      )}
      <List metric={metric} mayChange={mayChange} onEdit={setOpened} />
      {opened && (
        <AlertForm
          metric={metric}
          alert={opened === 'new' ? null : opened}
          onClose={() => setOpened(null)}
          onSaved={(alert) => {
            setOpened(null)
            setMade(alert)
          }}
        />
      )}
    </Section>
  )
}

interface ListProps {
  metric: Metric
  mayChange: boolean
  onEdit: (alert: Alert) => void
}

function List({ metric, mayChange, onEdit }: ListProps) {
  const alerts = useQuery(alertsQuery)
  if (alerts.isPending) return <Skeleton height={56} />
  if (alerts.isError) {
    return (
      <ErrorState
        what="The alerts could not be read"
        error={alerts.error}
        onRetry={() => void alerts.refetch()}
      />
    )
  }
  const own = alerts.data.alerts.filter((alert) => alert.metric === metric.key)
  if (own.length === 0) {
    return (
      <EmptyState icon="bell" title="Nobody is told yet">
        An alert looks at each hour, day or week once it has ended. It tells everybody here, at the
        bell, and a server of yours if you name one.
      </EmptyState>
    )
  }
  return (
    <ul className={classes.lines} aria-label="Alerts of this metric">
      {own.map((alert) => (
        <AlertLine
          key={alert.id}
          alert={alert}
          metric={metric}
          mayChange={mayChange}
          onEdit={() => onEdit(alert)}
        />
      ))}
    </ul>
  )
}
