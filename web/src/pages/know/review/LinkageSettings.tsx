// How should duplicates be looked for from now on?
import { Button, Switch } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useMay } from '@/app/useSession'
import { described, Notice, Section, useToast } from '@/kit'
import { FieldRows } from './FieldRows'
import { linkageQuery, saveSettings } from './queries'
import classes from './settings.module.css'
import { draftOf, isChanged, lackOf, settingsOf, type SettingsDraft } from './settingsDraft'
import { Thresholds } from './Thresholds'
import type { LinkageSettings as Settings } from './wire'

export function LinkageSettings({ settings }: { settings: Settings }) {
  // Saved elsewhere: what is shown begins anew.
  return <Form key={JSON.stringify(settings)} settings={settings} />
}

function Form({ settings }: { settings: Settings }) {
  const mayChange = useMay('change_identity')
  const [draft, setDraft] = useState<SettingsDraft>(() => draftOf(settings))
  const change = (part: Partial<SettingsDraft>) => setDraft((old) => ({ ...old, ...part }))
  const save = useSave(settings)
  const changed = isChanged(draft, settings)
  const isWhole = draft.fields.every((row) => lackOf(row) === null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(settingsOf(draft, settings))
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <fieldset disabled={!mayChange} className={classes.parts}>
        <legend className="visually-hidden">How duplicates are looked for</legend>
        <Section title="How sure it has to be">
          <Thresholds saved={settings} draft={draft} onChange={change} />
        </Section>
        <Section title="When it looks">
          <Switch
            label="By itself: every new customer at once, everybody after an import"
            checked={draft.is_automatic}
            onChange={(event) => change({ is_automatic: event.currentTarget.checked })}
          />
        </Section>
        <Section title="What is compared" aside="takes effect with the next search">
          <FieldRows rows={draft.fields} onChange={(fields) => change({ fields })} />
          <Switch
            className={classes.dayFirst}
            label="In dates like 04/05/1990 the day comes first"
            checked={draft.day_first}
            onChange={(event) => change({ day_first: event.currentTarget.checked })}
          />
        </Section>
      </fieldset>
      {save.isError && <Notice tone="bad">{described(save.error).message}</Notice>}
      {mayChange && (
        <div className={classes.inline}>
          <Button type="submit" loading={save.isPending} disabled={!changed || !isWhole}>
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
function useSave(before: Settings) {
  const client = useQueryClient()
  const toast = useToast()
  const taken = (settings: Settings) => {
    client.setQueryData(linkageQuery.queryKey, (old) => old && { ...old, settings })
    void client.invalidateQueries({ queryKey: linkageQuery.queryKey })
  }
  const undo = () =>
    void saveSettings(before).then(taken, (error: unknown) =>
      toast.failed(`Nothing was changed. ${described(error).message}`),
    )
  return useMutation({
    mutationFn: saveSettings,
    onSuccess: (settings) => {
      taken(settings)
      toast.done('The settings are saved', undo)
    },
  })
}
