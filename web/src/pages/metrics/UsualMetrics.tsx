// Which metrics does nearly every house have, and are they here?
import { Button, Select } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { addUsualMetrics, metricsQuery, usualMetricsQuery } from '@/api/metricQueries'
import { described, EmptyState, ErrorState, Notice, Section, Skeleton, useToast } from '@/kit'
import { counted } from '@/kit/number'
import classes from './metrics.module.css'
import { Said } from './Said'

interface UsualMetricsProps {
  /** No metric is in use: these are the way to begin. */
  isFirst: boolean
  mayChange: boolean
}

export function UsualMetrics({ isFirst, mayChange }: UsualMetricsProps) {
  const usual = useQuery(usualMetricsQuery)
  if (!isFirst && !mayChange) return null
  if (usual.isPending) return isFirst ? <Skeleton height={40} lines={4} /> : null
  if (usual.isError) {
    return (
      <ErrorState
        what="The usual metrics could not be read"
        error={usual.error}
        onRetry={() => void usual.refetch()}
      />
    )
  }
  const missing = usual.data.metrics.filter(({ is_there }) => !is_there)
  if (isFirst) {
    return (
      <EmptyState icon="chart-line" title="Your metrics will be listed here">
        <p>
          A metric is a number with a name that everybody means in the same way: what is counted, in
          which unit, and what counts as good. None is defined yet.
        </p>
        {mayChange && missing.length > 0 && <Add n={missing.length} />}
      </EmptyState>
    )
  }
  if (missing.length === 0) return null
  return (
    <Section title="Usual metrics that are not here">
      <ul className={classes.usual}>
        {missing.map(({ key, name, note }) => (
          <li key={key}>
            <span className={classes.name}>{name}</span>{' '}
            <span className="muted">
              <Said words={note} />
            </span>
          </li>
        ))}
      </ul>
      <Add n={missing.length} />
    </Section>
  )
}

const ALL = 'all'
const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'JPY']

function Add({ n }: { n: number }) {
  const client = useQueryClient()
  const toast = useToast()
  const [currency, setCurrency] = useState(ALL)
  const add = useMutation({
    mutationFn: () => addUsualMetrics(currency === ALL ? null : currency),
    onSuccess: ({ metrics }) => {
      toast.done(`${counted(metrics.length, 'metric')} added`)
      return client.invalidateQueries({ queryKey: metricsQuery.queryKey })
    },
  })
  return (
    <div className={classes.add}>
      <Select
        label="Money of orders"
        description="Amounts of other currencies are left out"
        searchable
        data={[
          { value: ALL, label: 'As it was sent, all added up' },
          ...currencies.map((code) => ({ value: code, label: code })),
        ]}
        value={currency}
        onChange={(value) => setCurrency(value ?? ALL)}
      />
      {add.isError && <Notice tone="bad">{described(add.error).message}</Notice>}
      <div>
        <Button variant="default" loading={add.isPending} onClick={() => add.mutate()}>
          Add the {counted(n, 'usual metric')}
        </Button>
      </div>
    </div>
  )
}
