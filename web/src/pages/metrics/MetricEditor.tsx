// How is a metric changed, and what will be different then?
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { metricQuery, metricsQuery, putMetric } from '@/api/metricQueries'
import type { Metric } from '@/api/metricTypes'
import { described, Notice, PageHeader, useToast } from '@/kit'
import { LeaveDialog } from '../boards/LeaveDialog'
import { isStale } from '../boards/useBoardSave'
import { answerOf, draftOf, isChanged, isNewVersion, missing } from './draft'
import classes from './metrics.module.css'
import { MetricForm } from './MetricForm'
import { MetricsLink } from './MetricView'
import { Preview } from './Preview'

interface MetricEditorProps {
  metric: Metric
  onLeave: () => Promise<void>
}

export function MetricEditor({ metric, onLeave }: MetricEditorProps) {
  const [base, setBase] = useState(metric)
  const [draft, setDraft] = useState(() => draftOf(metric))
  const leaving = useRef(false)
  const changed = isChanged(base, draft) || base.is_archived
  const isNew = isNewVersion(base, draft)
  const trouble = missing(draft)
  const leave = () => {
    leaving.current = true
    void onLeave()
  }
  const save = useSave(leave)
  return (
    <>
      <PageHeader
        title={`Edit “${base.name}”`}
        above={<MetricsLink />}
        action={
          <>
            <Button variant="default" onClick={leave}>
              {isChanged(base, draft) ? 'Discard the changes' : 'Back to the metric'}
            </Button>
            <Button
              loading={save.isPending}
              disabled={!changed || trouble !== null}
              title={trouble ?? undefined}
              onClick={() => save.mutate({ metric: base, draft })}
            >
              {isNew ? `Save as version ${base.version + 1}` : 'Save the metric'}
            </Button>
          </>
        }
      />
      {isStale(save.error) ? (
        <Stale
          id={base.key}
          onLatest={(latest) => {
            setBase(latest)
            save.reset()
          }}
        />
      ) : (
        save.isError && (
          <Notice tone="bad">Nothing was saved. {described(save.error).message}</Notice>
        )
      )}
      <div className={classes.editor}>
        <MetricForm draft={draft} onChange={setDraft} trouble={trouble} />
        <Preview metric={base} draft={draft} isNew={isNew} />
      </div>
      <LeaveDialog what="this metric" when={() => isChanged(base, draft) && !leaving.current} />
    </>
  )
}

function useSave(onSaved: () => void) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: ({ metric, draft }: { metric: Metric; draft: ReturnType<typeof draftOf> }) =>
      putMetric(metric.key, answerOf(metric, draft)),
    onSuccess: (metric, { metric: before }) => {
      client.setQueryData(metricQuery(metric.key).queryKey, metric)
      void client.invalidateQueries({ queryKey: metricsQuery.queryKey })
      void client.invalidateQueries({ queryKey: ['metric told'] })
      toast.done(
        metric.version > before.version
          ? `Version ${metric.version} of “${metric.name}” counts from now on`
          : `“${metric.name}” is saved`,
      )
      onSaved()
    },
  })
}

/** Somebody else was faster: theirs is read, ours stays as it was typed. */
function Stale({ id, onLatest }: { id: string; onLatest: (metric: Metric) => void }) {
  const latest = useQuery({ ...metricQuery(id), queryKey: ['metrics', 'latest', id], staleTime: 0 })
  return (
    <Notice
      tone="warn"
      action={
        <Button
          variant="default"
          size="xs"
          disabled={!latest.data}
          onClick={() => latest.data && onLatest(latest.data)}
        >
          Go on with mine
        </Button>
      }
    >
      <span role="alert">
        <bdi>{latest.data?.changed_by ?? 'Somebody else'}</bdi> changed this metric while you did.
        What you typed is still here, unsaved; it would replace theirs.
      </span>
    </Notice>
  )
}
