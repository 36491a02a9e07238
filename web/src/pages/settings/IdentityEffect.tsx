// What would these rules change?
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import type { IdentityRules, IdentityRulesPreview } from '@/api/types'
import { described, Notice } from '@/kit'
import { countExact, counted } from '@/kit/number'
import { inertWords } from '../know/decisions/links'
import classes from './identity.module.css'

export function IdentityEffect({ rules }: { rules: IdentityRules }) {
  const look = useMutation({
    mutationFn: (body: IdentityRules) =>
      answer(api.POST('/api/settings/identity/preview', { body })),
  })
  const asked = look.variables
  // An answer to what was typed before is no answer.
  const isCurrent = asked !== undefined && JSON.stringify(asked) === JSON.stringify(rules)
  return (
    <div className={classes.effect} aria-live="polite">
      {look.isError && isCurrent && <Notice tone="bad">{described(look.error).message}</Notice>}
      {look.data && isCurrent && <Effect preview={look.data} />}
      <div>
        <Button variant="default" loading={look.isPending} onClick={() => look.mutate(rules)}>
          Show what would change
        </Button>
      </div>
    </div>
  )
}

function Effect({ preview }: { preview: IdentityRulesPreview }) {
  const { n_customers, is_whole, n_links_turned, n_links_followed, n_links_inert } = preview
  const looked = is_whole
    ? `Of all ${counted(n_customers, 'customer')}`
    : `Of the oldest ${counted(n_customers, 'customer')}, who were looked at`
  if (n_links_turned === 0) {
    return <Notice tone="info">{looked}, nobody would change: no link is judged otherwise.</Notice>
  }
  const { n_identifiers_moved, n_merges, n_splits, n_newly_shared } = preview
  return (
    <Notice tone="info">
      <p>
        {looked}: {counted(n_links_turned, 'link')} would be judged otherwise,{' '}
        {counted(n_identifiers_moved, 'identifier')} would point to somebody else.
      </p>
      <ul>
        {n_links_followed > 0 && <li>{counted(n_links_followed, 'link')} would be followed</li>}
        {n_links_inert.map(({ reason, n }) => (
          <li key={reason}>
            {counted(n, 'link')} would not be: {inertWords[reason].toLowerCase()}
          </li>
        ))}
        {n_merges > 0 && <li>{counted(n_merges, 'customer')} would become part of another one</li>}
        {n_splits > 0 && (
          <li>{countExact(n_splits)} parts of customers would become somebody else</li>
        )}
        {n_newly_shared > 0 && <li>{counted(n_newly_shared, 'identifier')} would be shared</li>}
      </ul>
    </Notice>
  )
}
