// When is an alert to fire, and who else is told?
import { Button, Modal, NumberInput, Select, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { alertsQuery, createAlert, putAlert } from '@/api/alertQueries'
import type { Alert, AlertDraft, AlertGrain, AlertWhen } from '@/api/alertTypes'
import { viewerClock } from '@/api/metricQueries'
import type { Metric } from '@/api/metricTypes'
import { described, Notice, useToast } from '@/kit'
import { unitWords } from '../words'
import { grains, sensitivities } from './alertWords'
import classes from './alerts.module.css'

interface AlertFormProps {
  metric: Metric
  /** The alert that is changed; null for a new one. */
  alert: Alert | null
  onClose: () => void
  onSaved: (alert: Alert) => void
}

export function AlertForm({ metric, alert, onClose, onSaved }: AlertFormProps) {
  const [draft, setDraft] = useState(() => draftOf(metric, alert))
  const set = (part: Partial<AlertDraft>) => setDraft((old) => ({ ...old, ...part }))
  const save = useSave(alert, onSaved)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(draft)
  }
  const isReady =
    (draft.when.kind === 'unusual' || Number.isFinite(draft.when.value)) &&
    (!draft.webhook || draft.webhook.url.trim() !== '')
  return (
    <Modal
      opened
      onClose={onClose}
      title={alert ? 'Change the alert' : `New alert of “${metric.name}”`}
      closeButtonProps={{ 'aria-label': 'Close without a change' }}
    >
      <form onSubmit={submit} className={classes.form}>
        <Select
          label="It looks"
          data={metric.definition.is === 'habit' ? grains.slice(2) : grains}
          value={draft.grain}
          onChange={(value) => value && set({ grain: value as AlertGrain })}
        />
        <When when={draft.when} metric={metric} onChange={(when) => set({ when })} />
        <Switch
          label="Also tell a server (webhook)"
          checked={draft.webhook !== null}
          onChange={(event) => set({ webhook: event.currentTarget.checked ? { url: '' } : null })}
        />
        {draft.webhook && (
          <TextInput
            label="Address of the server"
            placeholder="https://example.com/hooks/rapport"
            type="url"
            value={draft.webhook.url}
            onChange={(event) => set({ webhook: { url: event.currentTarget.value } })}
          />
        )}
        {save.isError && (
          <Notice tone="bad">Nothing was saved. {described(save.error).message}</Notice>
        )}
        <div>
          <Button type="submit" loading={save.isPending} disabled={!isReady}>
            {alert ? 'Change the alert' : 'Make the alert'}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

interface WhenProps {
  when: AlertWhen
  metric: Metric
  onChange: (when: AlertWhen) => void
}

const kinds: { value: string; label: string }[] = [
  { value: 'unusual', label: 'It is unusual for its hour or weekday' },
  { value: 'above', label: 'It is above a limit' },
  { value: 'below', label: 'It is below a limit' },
]

function When({ when, metric, onChange }: WhenProps) {
  const choose = (kind: string) => {
    if (kind === 'unusual') onChange({ kind, sensitivity: 'normal' })
    else onChange({ kind: 'threshold', op: kind as 'above', value: limitOf(when) })
  }
  return (
    <>
      <Select
        label="It fires when"
        data={kinds}
        value={when.kind === 'unusual' ? 'unusual' : when.op}
        onChange={(value) => value && choose(value)}
      />
      {when.kind === 'unusual' ? (
        <Select
          label="How readily"
          description="So many usual numbers are told as well"
          data={sensitivities}
          value={when.sensitivity}
          onChange={(value) => {
            const chosen = sensitivities.find((one) => one.value === value)
            if (chosen) onChange({ ...when, sensitivity: chosen.value })
          }}
        />
      ) : (
        <NumberInput
          label="Limit"
          description={
            metric.unit.is === 'share' ? 'As a share: 0.25 is 25 %' : `In ${unitWords(metric.unit)}`
          }
          value={Number.isFinite(when.value) ? when.value : ''}
          onChange={(value) =>
            onChange({ ...when, value: value === '' ? Number.NaN : Number(value) })
          }
        />
      )}
    </>
  )
}

const limitOf = (when: AlertWhen) => (when.kind === 'threshold' ? when.value : Number.NaN)

function draftOf(metric: Metric, alert: Alert | null): AlertDraft {
  if (alert) {
    const { grain, clock, when, webhook, is_on } = alert
    return {
      metric: metric.key,
      grain,
      clock,
      when,
      webhook: webhook && { url: webhook.url },
      is_on,
    }
  }
  return {
    metric: metric.key,
    grain: metric.definition.is === 'habit' ? 'week' : 'day',
    clock: viewerClock,
    when: { kind: 'unusual', sensitivity: 'normal' },
    webhook: null,
    is_on: true,
  }
}

function useSave(alert: Alert | null, onSaved: (alert: Alert) => void) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (draft: AlertDraft) =>
      alert ? putAlert(alert.id, { ...draft, version: alert.version }) : createAlert(draft),
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: alertsQuery.queryKey })
      toast.done(alert ? 'The alert is changed' : 'The alert is made')
      onSaved(saved)
    },
  })
}
