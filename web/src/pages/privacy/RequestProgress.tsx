// How far is this request: begun, answered, refused, extended, open again?
import { Button, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { PrivacyRequest } from '@/api/privacyTypes'
import { Section } from '@/kit'
import classes from './privacy.module.css'
import { isClosed } from './requestWords'
import { useChangeRequest } from './useChangeRequest'

const WORDS_MAX = 500

export function RequestProgress({ request }: { request: PrivacyRequest }) {
  const change = useChangeRequest(request.id)
  if (isClosed(request)) {
    return (
      <div>
        <Button
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate({ status: 'open' })}
        >
          Open it again
        </Button>
      </div>
    )
  }
  return (
    <Section title="Close it">
      <div className={classes.form}>
        <Closing request={request} change={change} />
        {!request.is_extended && <Extending change={change} />}
      </div>
    </Section>
  )
}

type Change = ReturnType<typeof useChangeRequest>

function Closing({ request, change }: { request: PrivacyRequest; change: Change }) {
  const [outcome, setOutcome] = useState(request.outcome)
  const words = outcome.trim()
  return (
    <>
      <Textarea
        label="What was done, or why not"
        description="Kept on record. Needed to refuse."
        rows={2}
        maxLength={WORDS_MAX}
        value={outcome}
        onChange={(event) => setOutcome(event.currentTarget.value)}
      />
      <div className={classes.row}>
        <Button
          loading={change.isPending}
          onClick={() => change.mutate({ status: 'done', outcome: words })}
        >
          It is answered
        </Button>
        <Button
          variant="default"
          disabled={words === ''}
          title={words === '' ? 'Say why first' : undefined}
          onClick={() => change.mutate({ status: 'refused', outcome: words })}
        >
          Refuse it
        </Button>
        {request.status === 'open' && (
          <Button variant="default" onClick={() => change.mutate({ status: 'in_progress' })}>
            I am at it
          </Button>
        )}
      </div>
    </>
  )
}

function Extending({ change }: { change: Change }) {
  const [reason, setReason] = useState('')
  return (
    <details className={classes.more}>
      <summary>It takes longer than 30 days</summary>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ extension_reason: reason.trim() })
        }}
      >
        <TextInput
          label="Why it takes longer"
          description="Once, to 90 days, where it is complicated. You must tell them within the first 30."
          required
          withAsterisk={false}
          maxLength={WORDS_MAX}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" variant="default" disabled={reason.trim() === ''}>
            Extend to 90 days
          </Button>
        </div>
      </form>
    </details>
  )
}
