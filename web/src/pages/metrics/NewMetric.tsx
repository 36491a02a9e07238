// What shall the house mean by a new number?
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { createMetric, metricQuery, metricsQuery } from '@/api/metricQueries'
import { useUser } from '@/app/useSession'
import { described, Notice, Page, PageHeader, useToast } from '@/kit'
import { LeaveDialog } from '../boards/LeaveDialog'
import { draftOf, emptyDraft, isChanged, missing } from './draft'
import classes from './metrics.module.css'
import { MetricForm } from './MetricForm'
import { MetricsLink } from './MetricView'
import { Preview } from './Preview'

export function NewMetric({ onLeave }: { onLeave: () => void }) {
  const owner = useUser()?.name ?? ''
  const [draft, setDraft] = useState(() => emptyDraft(owner))
  const leaving = useRef(false)
  const trouble = missing(draft)
  const client = useQueryClient()
  const navigate = useNavigate()
  const toast = useToast()
  const create = useMutation({
    mutationFn: () => createMetric({ ...draftOf(draft), name: draft.name.trim() }),
    onSuccess: (metric) => {
      leaving.current = true
      client.setQueryData(metricQuery(metric.key).queryKey, metric)
      void client.invalidateQueries({ queryKey: metricsQuery.queryKey })
      toast.done(`“${metric.name}” is defined`)
      return navigate({ to: '/ask/metrics/$key', params: { key: metric.key } })
    },
  })
  return (
    <Page>
      <PageHeader
        title="New metric"
        lead="A number with a name that everybody means in the same way."
        above={<MetricsLink />}
        action={
          <>
            <Button
              variant="default"
              onClick={() => {
                leaving.current = true
                onLeave()
              }}
            >
              Back to the metrics
            </Button>
            <Button
              loading={create.isPending}
              disabled={trouble !== null}
              title={trouble ?? undefined}
              onClick={() => create.mutate()}
            >
              Define the metric
            </Button>
          </>
        }
      />
      {create.isError && (
        <Notice tone="bad">Nothing was saved. {described(create.error).message}</Notice>
      )}
      <div className={classes.editor}>
        <MetricForm draft={draft} onChange={setDraft} trouble={trouble} />
        <Preview draft={draft} isNew />
      </div>
      <LeaveDialog
        what="this metric"
        when={() => !leaving.current && isChanged(emptyDraft(owner), draft)}
      />
    </Page>
  )
}
