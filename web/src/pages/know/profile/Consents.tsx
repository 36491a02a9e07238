// What may we do, for which purpose, on which channel, since when, and how do we know?
import { useState } from 'react'
import type { Consent, ConsentAct, Permission } from '@/api/types'
import { Icon, RelativeTime, Status } from '@/kit'
import { counted } from '@/kit/number'
import { EvidenceLine } from './EvidenceLine'
import classes from './profile.module.css'

interface ConsentsProps {
  consents: Consent[]
  emailMarketing: Permission
}

export function Consents({ consents, emailMarketing }: ConsentsProps) {
  return (
    <>
      <p className={classes.answer}>
        <Status tone={emailMarketing.allowed ? 'good' : 'bad'} icon={answerIcon(emailMarketing)}>
          {emailMarketing.allowed ? 'Marketing e-mail may be sent' : 'No marketing e-mail'}
        </Status>
        <span className={classes.sub}>
          <bdi>{emailMarketing.words}</bdi>
        </span>
      </p>
      <ul className={classes.lines}>
        {consents.map((consent) => (
          <ConsentLine key={`${consent.purpose} ${consent.channel}`} consent={consent} />
        ))}
      </ul>
    </>
  )
}

const answerIcon = (permission: Permission) => (permission.allowed ? undefined : 'ban')

function ConsentLine({ consent }: { consent: Consent }) {
  const [open, setOpen] = useState(false)
  return (
    <li>
      <button
        type="button"
        className={classes.order}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className={classes.main}>
          {consent.purpose}, {consent.channel === 'all' ? 'every channel' : consent.channel}
        </span>
        <span className={classes.end}>
          <State consent={consent} />
        </span>
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={12} />
        <span className={classes.sub}>
          since <RelativeTime at={consent.since} />
          {consent.evidence.source && `, from ${consent.evidence.source.name}`}
          {consent.text_version && `, text ${consent.text_version}`}
        </span>
      </button>
      {open && <Changes consent={consent} />}
    </li>
  )
}

function State({ consent }: { consent: Consent }) {
  if (consent.state === 'granted') return <Status tone="good">Granted</Status>
  if (consent.state === 'pending') {
    return (
      <Status tone="warn" icon="clock" title="They have not confirmed yet that it was they">
        Pending
      </Status>
    )
  }
  return (
    <Status tone="bad" icon="ban">
      Denied
    </Status>
  )
}

const acts: Record<ConsentAct, string> = {
  asked: 'Agreed, confirmation to follow',
  given: 'Agreed',
  confirmed: 'Confirmed',
  withdrawn: 'Refused or withdrawn',
}

function Changes({ consent }: { consent: Consent }) {
  return (
    <div className={classes.source}>
      <ol>
        {consent.changes.map((change) => (
          <li key={`${change.act} ${change.first.at} ${change.last.at}`}>
            {acts[change.act]}
            {change.n > 1 && `, ${counted(change.n, 'time')}, last`}{' '}
            <EvidenceLine evidence={change.last} />
            {change.text_version && `, text ${change.text_version}`}
          </li>
        ))}
      </ol>
      {consent.n_fallen > 0 && (
        <p>
          {counted(consent.n_fallen, 'older answer')} no longer kept here; the timeline has them.
        </p>
      )}
    </div>
  )
}
