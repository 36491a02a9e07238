// What would go, what would stay, and what can never come back?
import type { ErasurePreview } from '@/api/privacyTypes'
import { Icon, identifierIcon, identifierWord, Notice } from '@/kit'
import { countExact, counted } from '@/kit/number'
import classes from '../privacy.module.css'

const IDENTIFIERS_SHOWN = 12

export function WhatGoes({ preview }: { preview: ErasurePreview }) {
  const { n_events, n_orders, n_identifiers, n_requests_open } = preview
  return (
    <div className={classes.form}>
      <p className={classes.sentence}>
        {counted(n_events, 'event')} with {counted(n_orders, 'order')},{' '}
        {counted(n_identifiers, 'identifier')}, every trait and every consent are deleted
        everywhere: on every page, in the history, in the log, and on the disk.
      </p>
      <Notice tone="warn">
        This cannot be undone. Whatever arrives later under these identifiers is refused, also from
        an old file, until an admin lifts that.
      </Notice>
      <Going preview={preview} />
      <section aria-label="What stays">
        <h3>What stays</h3>
        <ul className={classes.points}>
          <li>Counts without a person: how many events of a name there were in an hour.</li>
          <li>
            That customer {preview.customer_id} was erased, when and by whom, and fingerprints of
            the identifiers from which nobody can tell them.
          </li>
          {n_requests_open > 0 && (
            <li>
              {counted(n_requests_open, 'open request')} of theirs, without name and address, as
              evidence that it was answered.
            </li>
          )}
          <li>
            Copies outside of Rapport, such as backups of the disk: those are yours to delete.
          </li>
        </ul>
      </section>
    </div>
  )
}

function Going({ preview }: { preview: ErasurePreview }) {
  const { identifiers, n_identifiers, n_log_entries, n_decisions, n_accounts } = preview
  const shown = identifiers.slice(0, IDENTIFIERS_SHOWN)
  const n_more = n_identifiers - shown.length
  const rest = [
    n_accounts > 0 ? `${counted(n_accounts, 'membership')} of accounts` : null,
    n_decisions > 0 ? `${counted(n_decisions, 'decision')} about who they are` : null,
    n_log_entries > 0
      ? `up to ${counted(n_log_entries, 'entry', 'entries')} of the log rewritten`
      : null,
  ].filter(Boolean)
  return (
    <section aria-label="What goes">
      <h3>By these they are known; all of it goes</h3>
      <ul className={classes.identifiers}>
        {shown.map(({ kind, value, is_shared }) => (
          <li key={kind + value}>
            <Icon name={identifierIcon(kind)} size={14} label={identifierWord(kind)} />
            <bdi>{value}</bdi>
            {is_shared && (
              <span className={classes.sub}>another customer gave it too: it stays with them</span>
            )}
          </li>
        ))}
        {n_more > 0 && <li className="muted">and {countExact(n_more)} more</li>}
      </ul>
      {rest.length > 0 && <p className="muted">Also: {rest.join(', ')}.</p>}
    </section>
  )
}
