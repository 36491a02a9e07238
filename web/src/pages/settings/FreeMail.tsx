// Which e-mail domains say nothing about an organisation?
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { answer, api } from '@/api/client'
import { accountSettingsQuery } from '@/api/relationQueries'
import type { AccountSettings } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import {
  described,
  ErrorState,
  Notice,
  Page,
  PageHeader,
  RelativeTime,
  Section,
  Skeleton,
  useToast,
} from '@/kit'
import { domainsIn } from './domainList'
import classes from './settings.module.css'

export function FreeMail() {
  return (
    <Page>
      <PageHeader
        title="Accounts"
        lead="Customers with an address of a domain that an account claims are suggested as its members. Addresses of free-mail providers say nothing about an organisation."
      />
      <Settings />
    </Page>
  )
}

function Settings() {
  const mayChange = useMay('change_traits')
  const settings = useQuery(accountSettingsQuery)
  if (settings.isError) {
    return (
      <ErrorState
        what="The settings of accounts could not be read"
        error={settings.error}
        onRetry={() => void settings.refetch()}
      />
    )
  }
  if (!settings.data) return <Skeleton height={32} lines={6} />
  const { version, changed_at, changed_by } = settings.data
  return (
    <>
      {!mayChange && <Notice tone="info">{whyNot('change_traits')}</Notice>}
      <Form key={version} settings={settings.data} mayChange={mayChange} />
      {changed_at && (
        <p className="muted small">
          Version {version}, changed by {changed_by} <RelativeTime at={changed_at} />.
        </p>
      )}
    </>
  )
}

function Form({ settings, mayChange }: { settings: AccountSettings; mayChange: boolean }) {
  const before = [settings.free_mail_added, settings.free_mail_exempted].map((l) => l.join('\n'))
  const [added, setAdded] = useState(before[0]!)
  const [exempted, setExempted] = useState(before[1]!)
  const save = useSave(settings)
  const isChanged = added !== before[0] || exempted !== before[1]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({
      version: settings.version,
      free_mail_added: domainsIn(added),
      free_mail_exempted: domainsIn(exempted),
    })
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <fieldset disabled={!mayChange} className={classes.parts}>
        <legend className="visually-hidden">Which domains are free mail</legend>
        <Section title="Free mail">
          <p className={classes.sub}>
            {settings.n_kept} domains are on the list that comes with Rapport (gmail.com, gmx.de,
            …).
          </p>
          <Textarea
            label="More domains of free mail"
            description="One on each line; domains below them count too"
            placeholder="campus.example"
            autosize
            minRows={3}
            value={added}
            onChange={(event) => setAdded(event.currentTarget.value)}
          />
          <Textarea
            label="Domains of the list that are work domains to you"
            description="One on each line"
            placeholder="vodafone.de"
            autosize
            minRows={3}
            value={exempted}
            onChange={(event) => setExempted(event.currentTarget.value)}
          />
        </Section>
      </fieldset>
      {save.isError && <Notice tone="bad">{described(save.error).message}</Notice>}
      {mayChange && (
        <div className={classes.inline}>
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            Save the settings
          </Button>
        </div>
      )}
    </form>
  )
}

/** Saves, says so, and offers the way back. */
function useSave(before: AccountSettings) {
  const client = useQueryClient()
  const toast = useToast()
  const put = (body: {
    version: number
    free_mail_added: string[]
    free_mail_exempted: string[]
  }) => answer(api.PUT('/api/settings/accounts', { body }))
  const taken = (settings: AccountSettings) => {
    client.setQueryData(accountSettingsQuery.queryKey, settings)
    void client.invalidateQueries({ queryKey: ['account'] })
  }
  const undo = (version: number) => {
    const { free_mail_added, free_mail_exempted } = before
    void put({ version, free_mail_added, free_mail_exempted }).then(taken, (error: unknown) =>
      toast.failed(`Nothing was changed. ${described(error).message}`),
    )
  }
  return useMutation({
    mutationFn: put,
    onSuccess: (settings) => {
      taken(settings)
      toast.done('The settings are saved; account pages follow at once', () =>
        undo(settings.version),
      )
    },
  })
}
