// How many agreed, refused, have not confirmed or said nothing, for one purpose and channel?
import type { ConsentLine } from '@/api/privacyTypes'
import { Notice, RelativeTime } from '@/kit'
import { countExact, counted, share } from '@/kit/number'
import { consentParts, consentSentence, purposeWords } from './consentWords'
import classes from './privacy.module.css'

interface ConsentCardProps {
  line: ConsentLine
  n_customers: number
}

export function ConsentCard({ line, n_customers }: ConsentCardProps) {
  const parts = consentParts(line, n_customers)
  const title = purposeWords(line)
  return (
    <li className={classes.card} aria-label={title}>
      <h2>{title}</h2>
      <p>{consentSentence(line, n_customers)}</p>
      <div className={classes.bar} aria-hidden>
        {parts.map(({ key, n }) => (
          <div key={key} data-part={key} style={{ flexGrow: n }} />
        ))}
      </div>
      <dl className={classes.shares}>
        {parts.map(({ key, words, n }) => (
          <div key={key} data-part={key}>
            <dt>{words}</dt>
            <dd>
              {countExact(n)} <span className="muted">({share(n, n_customers)})</span>
            </dd>
          </div>
        ))}
      </dl>
      {line.n_without_text > 0 && (
        <Notice tone="warn">
          Of {counted(line.n_without_text, 'consent')} it is not known to which text they agreed:
          that is hard to prove.
        </Notice>
      )}
      <details className={classes.more}>
        <summary>The evidence: texts and sources</summary>
        <Evidence line={line} />
      </details>
    </li>
  )
}

function Evidence({ line }: { line: ConsentLine }) {
  return (
    <div className={classes.evidence}>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label="By text">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Text</th>
              <th scope="col" data-align="end">
                Agreed
              </th>
              <th scope="col" data-align="end">
                Not confirmed
              </th>
              <th scope="col" data-align="end">
                Refused
              </th>
              <th scope="col">Last answer</th>
            </tr>
          </thead>
          <tbody>
            {line.texts.map((text) => (
              <tr key={text.text_version ?? ''}>
                <th scope="row">{text.text_version ?? 'not known'}</th>
                <td data-align="end">{countExact(text.n_granted)}</td>
                <td data-align="end">{countExact(text.n_pending)}</td>
                <td data-align="end">{countExact(text.n_denied)}</td>
                <td>{text.last_at && <RelativeTime at={text.last_at} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted">
        Said by{' '}
        {line.sources.map(({ source, n }) => `${source.name} (${countExact(n)})`).join(', ')}.
        {line.oldest_at && line.latest_at && (
          <>
            {' '}
            Answers from <RelativeTime at={line.oldest_at} /> to{' '}
            <RelativeTime at={line.latest_at} />.
          </>
        )}
      </p>
    </div>
  )
}
