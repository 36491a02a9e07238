// Which rules of identity should hold from now on?
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { answer, api } from '@/api/client'
import { identitySettingsQuery } from '@/api/queries'
import type { IdentityRules, IdentitySettings } from '@/api/types'
import { described, Notice, Section, useToast } from '@/kit'
import { draftOf, isChanged, rulesOf, whyNotYet, type IdentityDraft } from './identityDraft'
import { IdentityEffect } from './IdentityEffect'
import { IdentityKinds } from './IdentityKinds'
import classes from './settings.module.css'

interface IdentityFormProps {
  settings: IdentitySettings
  mayChange: boolean
}

export function IdentityForm({ settings, mayChange }: IdentityFormProps) {
  const { rules, defaults } = settings
  const [draft, setDraft] = useState<IdentityDraft>(() => draftOf(rules))
  const change = (part: Partial<IdentityDraft>) => setDraft((old) => ({ ...old, ...part }))
  const save = useSave(rules)
  const changed = isChanged(draft, rules)
  const problem = whyNotYet(draft)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(rulesOf(draft, rules.version))
  }
  return (
    <form onSubmit={submit} className={classes.wide}>
      <fieldset disabled={!mayChange} className={classes.parts}>
        <legend className="visually-hidden">The rules of identity</legend>
        <Section title="Kinds of identifiers">
          <IdentityKinds draft={draft} onChange={change} />
        </Section>
        <Section title="Values that stand for nobody">
          <Blocked draft={draft} onChange={change} />
        </Section>
        <Section title="Telephone numbers">
          <TextInput
            label="Country of numbers that name none"
            description="Two letters, like DE. Numbers are then compared in the form that the whole world dials (+49 30 …), however they were typed. It holds for what comes from now on."
            placeholder="none"
            maxLength={2}
            className={classes.choice}
            value={draft.country}
            onChange={(event) => change({ country: event.currentTarget.value })}
          />
        </Section>
      </fieldset>
      {problem && <Notice tone="warn">{problem}</Notice>}
      {save.isError && <Notice tone="bad">{described(save.error).message}</Notice>}
      {mayChange && changed && !problem && <IdentityEffect rules={rulesOf(draft, rules.version)} />}
      {mayChange && (
        <div className={classes.inline}>
          <Button type="submit" loading={save.isPending} disabled={!changed || problem !== null}>
            Save the rules
          </Button>
          <Button variant="default" disabled={!changed} onClick={() => setDraft(draftOf(rules))}>
            Discard the changes
          </Button>
          <Button
            variant="default"
            disabled={!isChanged(draft, defaults)}
            onClick={() => setDraft(draftOf(defaults))}
          >
            Fill in the defaults
          </Button>
        </div>
      )}
    </form>
  )
}

interface BlockedProps {
  draft: IdentityDraft
  onChange: (part: Partial<IdentityDraft>) => void
}

function Blocked({ draft, onChange }: BlockedProps) {
  return (
    <div className={classes.rows}>
      <Textarea
        label="Blocked values"
        description="One on each line; * stands for any letters, and case does not matter. For one kind only: “email: noreply@*”. A link to such a value is not followed; new ones stay traits."
        autosize
        minRows={6}
        maxRows={16}
        styles={{ input: { fontFamily: 'var(--font-mono)' } }}
        value={draft.blocked}
        onChange={(event) => onChange({ blocked: event.currentTarget.value })}
      />
      <Checkbox
        label="Nothing but zeros and dashes, such as an empty UUID"
        checked={draft.blockedZeros}
        onChange={(event) => onChange({ blockedZeros: event.currentTarget.checked })}
      />
    </div>
  )
}

/** Saves, says what it did, and offers the way back. */
function useSave(before: IdentityRules) {
  const client = useQueryClient()
  const toast = useToast()
  const put = (body: IdentityRules) => answer(api.PUT('/api/settings/identity', { body }))
  const taken = (settings: IdentitySettings) => {
    client.setQueryData(identitySettingsQuery.queryKey, settings)
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'settings' })
  }
  const undo = (version: number) =>
    void put({ ...before, version }).then(taken, (error: unknown) =>
      toast.failed(`Nothing was changed. ${described(error).message}`),
    )
  return useMutation({
    mutationFn: put,
    onSuccess: (settings) => {
      taken(settings)
      toast.done('The rules are saved, and every link is judged by them', () =>
        undo(settings.rules.version),
      )
    },
  })
}
