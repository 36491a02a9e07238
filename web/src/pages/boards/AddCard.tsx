// What shall be on the new card: a metric that is there, or a question yet to be built?
import { Button, Drawer, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Card } from '@/api/boardTypes'
import type { Metric } from '@/api/metricTypes'
import { metricsQuery } from '@/api/metricQueries'
import { firstFrame } from '@/pages/metrics/frames'
import { ErrorState, Icon, Section, Skeleton } from '@/kit'
import { Said } from '../metrics/Said'
import classes from './boards.module.css'

type NewCard = Omit<Card, 'id' | 'place'>

interface AddCardProps {
  opened: boolean
  boardId: string
  onClose: () => void
  onAdd: (card: NewCard) => void
}

export function AddCard({ opened, boardId, onClose, onAdd }: AddCardProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={420}
      title="Add a card"
      closeButtonProps={{ 'aria-label': 'Close without a card' }}
    >
      <div className={classes.adding}>
        <Section title="A question of your own">
          <p className="muted">Build it, read the answer, and choose “Add to a board” there.</p>
          <Button
            component={Link}
            to={`/ask/insights?board=${encodeURIComponent(boardId)}`}
            variant="default"
            mt="sm"
          >
            Build a question
          </Button>
        </Section>
        <Section title="A metric">
          <Metrics onAdd={onAdd} />
        </Section>
      </div>
    </Drawer>
  )
}

function Metrics({ onAdd }: { onAdd: (card: NewCard) => void }) {
  const metrics = useQuery(metricsQuery)
  const [q, setQ] = useState('')
  if (metrics.isPending) return <Skeleton height={40} lines={4} />
  if (metrics.isError) {
    return (
      <ErrorState
        what="The metrics could not be read"
        error={metrics.error}
        onRetry={() => void metrics.refetch()}
      />
    )
  }
  const all = metrics.data.metrics.filter((metric) => !metric.is_archived)
  const shown = all.filter(({ name }) => name.toLowerCase().includes(q.trim().toLowerCase()))
  if (all.length === 0) {
    return (
      <p className="muted">
        No metric is defined yet. <Link to="/ask/metrics">Metrics</Link>
      </p>
    )
  }
  return (
    <>
      {all.length > 6 && (
        <TextInput
          aria-label="Find a metric"
          placeholder="Find a metric"
          mb="sm"
          leftSection={<Icon name="search" size={14} />}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
      )}
      <ul className={classes.lines} aria-label="Metrics">
        {shown.map((metric) => (
          <li key={metric.key} className={classes.metricLine}>
            <span>
              <span className={classes.lineName}>{metric.name}</span>
              {metric.note && (
                <span className={classes.sub}>
                  <Said words={metric.note} />
                </span>
              )}
            </span>
            <span className={classes.buttons}>
              <Button
                variant="default"
                size="xs"
                aria-label={`Line: ${metric.name}`}
                onClick={() => onAdd(cardOf(metric, 'line'))}
              >
                Line
              </Button>
              <Button
                variant="default"
                size="xs"
                aria-label={`Number: ${metric.name}`}
                onClick={() => onAdd(cardOf(metric, 'number'))}
              >
                Number
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="muted">No metric is called so.</p>}
    </>
  )
}

function cardOf(metric: Metric, chart: 'line' | 'number'): NewCard {
  return {
    title: metric.name,
    note: null,
    ask: {
      metric: metric.key,
      ...firstFrame(metric),
    },
    look: { chart },
  }
}
