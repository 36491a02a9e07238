// What may we do, for which purpose, on which channel?
import type { Consent } from '@/api/types'
import { RelativeTime, Status } from '@/kit'
import classes from './profile.module.css'

export function Consents({ consents }: { consents: Consent[] }) {
  if (consents.length === 0) {
    return <p className="muted">They have not been asked, or their answer has not come here.</p>
  }
  return (
    <ul className={classes.lines}>
      {consents.map((consent) => (
        <li key={`${consent.purpose} ${consent.channel}`} className={classes.line}>
          <span className={classes.main}>
            {consent.purpose}, {consent.channel}
          </span>
          <span className={classes.end}>
            {consent.state === 'granted' ? (
              <Status tone="good">Granted</Status>
            ) : (
              <Status tone="bad" icon="ban">
                Denied
              </Status>
            )}
          </span>
          <span className={classes.sub}>
            <RelativeTime at={consent.at} />
            {`, from ${consent.source.name}`}
            {consent.text_version && `, text ${consent.text_version}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
