// What should be agreed about traits from now on?
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { answer, api } from '@/api/client'
import { traitSettingsQuery } from '@/api/queries'
import type { Source, TraitSettings, TraitSettingsChange } from '@/api/types'
import { described, Notice, Section, useToast } from '@/kit'
import classes from './settings.module.css'
import { changeOf, draftOf, isChanged, type TraitDraft } from './traitDraft'
import { SensitiveTraits } from './SensitiveTraits'
import { TraitRules } from './TraitRules'
import { TrustedSources } from './TrustedSources'

interface TraitSettingsFormProps {
  settings: TraitSettings
  sources: Source[]
  mayChange: boolean
}

export function TraitSettingsForm({ settings, sources, mayChange }: TraitSettingsFormProps) {
  const [draft, setDraft] = useState<TraitDraft>(() => draftOf(settings))
  const change = (part: Partial<TraitDraft>) => setDraft((old) => ({ ...old, ...part }))
  const save = useSave(settings)
  const changed = isChanged(draft, settings)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(changeOf(draft, settings.version))
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <fieldset disabled={!mayChange} className={classes.parts}>
        <legend className="visually-hidden">What is agreed about traits</legend>
        <Section title="Which value counts">
          <TraitRules draft={draft} words={settings.rules_there_are} onChange={change} />
        </Section>
        <Section title="Whom to trust">
          <TrustedSources draft={draft} sources={sources} onChange={change} />
        </Section>
        <Section title="Who may see it">
          <SensitiveTraits rows={draft.sensitive} onChange={(sensitive) => change({ sensitive })} />
        </Section>
      </fieldset>
      {save.isError && <Notice tone="bad">{described(save.error).message}</Notice>}
      {mayChange && (
        <div className={classes.inline}>
          <Button type="submit" loading={save.isPending} disabled={!changed}>
            Save the settings
          </Button>
          <Button variant="default" disabled={!changed} onClick={() => setDraft(draftOf(settings))}>
            Discard the changes
          </Button>
        </div>
      )}
    </form>
  )
}

/** Saves, says so, and offers the way back. */
function useSave(before: TraitSettings) {
  const client = useQueryClient()
  const toast = useToast()
  const put = (body: TraitSettingsChange) => answer(api.PUT('/api/settings/traits', { body }))
  const taken = (settings: TraitSettings) => {
    client.setQueryData(traitSettingsQuery.queryKey, settings)
    void client.invalidateQueries({ queryKey: ['customer'] })
  }
  const undo = (version: number) =>
    void put(changeOf(draftOf(before), version)).then(taken, (error: unknown) =>
      toast.failed(`Nothing was changed. ${described(error).message}`),
    )
  return useMutation({
    mutationFn: put,
    onSuccess: (settings) => {
      taken(settings)
      toast.done('The settings are saved; customer pages follow at once', () =>
        undo(settings.version),
      )
    },
  })
}
