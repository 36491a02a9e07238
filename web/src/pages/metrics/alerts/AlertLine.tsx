// What does one alert watch, is it on, and does it work?
import { Button, Switch } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { alertsQuery, deleteAlert, putAlert, testAlert } from '@/api/alertQueries'
import type { Alert, AlertTest } from '@/api/alertTypes'
import type { Metric } from '@/api/metricTypes'
import { ConfirmInline, described, Notice, QuietButton, useToast } from '@/kit'
import { chanceWords, whenWords } from './alertWords'
import classes from './alerts.module.css'
import { FiringList } from './FiringList'

interface AlertLineProps {
  alert: Alert
  metric: Metric
  mayChange: boolean
  onEdit: () => void
}

export function AlertLine({ alert, metric, mayChange, onEdit }: AlertLineProps) {
  const [told, setTold] = useState(false)
  const { turn, remove, test } = useAlert(alert)
  const words = whenWords(alert, metric.unit)
  const chance = chanceWords(alert)
  return (
    <li className={classes.line}>
      <div className={classes.head}>
        <div className={classes.what}>
          <span className={classes.name}>{words}</span>
          <span className={classes.sub}>
            {alert.webhook ? (
              <>
                tells the bell and <bdi>{alert.webhook.url}</bdi>
              </>
            ) : (
              'tells the bell'
            )}
            , by <bdi>{alert.owner}</bdi>
          </span>
          <span className={classes.sub}>
            {chance && `${capital(chance)}. `}
            {alert.last ? alert.last.words : 'It has not looked at a whole span yet.'}
          </span>
        </div>
        <Switch
          label={alert.is_on ? 'On' : 'Off'}
          aria-label={`${alert.is_on ? 'On' : 'Off'}: ${words}`}
          checked={alert.is_on}
          disabled={!mayChange || turn.isPending}
          onChange={() => turn.mutate(!alert.is_on)}
        />
      </div>
      {test.data && <TestResult result={test.data} />}
      {test.isError && (
        <Notice tone="bad">The test did not work. {described(test.error).message}</Notice>
      )}
      <div className={classes.acts}>
        <QuietButton onClick={() => setTold(!told)}>
          {told ? 'Hide what it told' : 'What it told'}
        </QuietButton>
        {mayChange && (
          <>
            <Button
              variant="default"
              size="xs"
              loading={test.isPending}
              onClick={() => test.mutate()}
            >
              Test it now
            </Button>
            <Button variant="default" size="xs" onClick={onEdit}>
              Change…
            </Button>
            <ConfirmInline
              ask="Delete…"
              act="Delete the alert"
              busy={remove.isPending}
              effect="Nobody is told any more, and the list of what it told goes with it."
              onConfirm={() => remove.mutate()}
            />
          </>
        )}
      </div>
      {told && <FiringList alert={alert.id} />}
    </li>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function TestResult({ result }: { result: AlertTest }) {
  const { judgement, delivery } = result
  return (
    <div role="status">
      <Notice tone={judgement?.fires ? 'warn' : 'info'}>
        {judgement
          ? `${judgement.words} ${judgement.fires ? 'It would fire.' : 'It would not fire.'}`
          : 'No whole span has ended yet, so there is nothing to judge.'}
        {delivery && ` The server: ${delivery.message}.`}
      </Notice>
    </div>
  )
}

function useAlert(alert: Alert) {
  const client = useQueryClient()
  const toast = useToast()
  const anew = () => client.invalidateQueries({ queryKey: alertsQuery.queryKey })
  const failed = (error: Error) => toast.failed(`Nothing was changed. ${described(error).message}`)
  const turn = useMutation({
    mutationFn: (is_on: boolean) => {
      const { version, metric, grain, clock, when, webhook } = alert
      const told = webhook && { url: webhook.url }
      return putAlert(alert.id, { version, metric, grain, clock, when, webhook: told, is_on })
    },
    onSuccess: anew,
    onError: failed,
  })
  const remove = useMutation({
    mutationFn: () => deleteAlert(alert.id),
    onSuccess: () => {
      toast.done('The alert is deleted')
      void client.invalidateQueries({ queryKey: ['firings'] })
      return anew()
    },
    onError: failed,
  })
  const test = useMutation({ mutationFn: () => testAlert(alert.id) })
  return { turn, remove, test }
}
