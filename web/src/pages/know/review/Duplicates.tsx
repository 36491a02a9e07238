// Who is here twice, without an identifier that says so?
import { Button, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { ErrorState, Notice, Page, PageHeader, Skeleton } from '@/kit'
import { counted } from '@/kit/number'
import { HowSure } from './HowSure'
import { LinkageSettings } from './LinkageSettings'
import { linkageQuery } from './queries'
import classes from './duplicates.module.css'
import { RunProgress } from './RunProgress'
import { Runs } from './Runs'
import { useStartRun } from './useRuns'
import type { Linkage } from './wire'

const tabs = { searches: 'Searches', sure: 'How sure is it', settings: 'Settings' }

export function Duplicates() {
  const linkage = useQuery(linkageQuery)
  return (
    <Page>
      <PageHeader
        title="Duplicates"
        lead="Who is here twice, without an e-mail, a number or a sign-in that says so? Records are compared field by field; what is sure is linked, what is in doubt is put to you."
        action={linkage.data && <Actions linkage={linkage.data} />}
      />
      {linkage.isPending && <Skeleton height={56} lines={4} />}
      {linkage.isError && !linkage.data && (
        <ErrorState
          what="The search for duplicates could not be read"
          error={linkage.error}
          onRetry={() => void linkage.refetch()}
        />
      )}
      {linkage.data && <Found linkage={linkage.data} />}
    </Page>
  )
}

function Found({ linkage }: { linkage: Linkage }) {
  const { tab } = useSearch({ from: '/shell/know/duplicates' })
  const navigate = useNavigate()
  const mayChange = useMay('change_identity')
  const shown = tab !== undefined && Object.hasOwn(tabs, tab) ? tab : 'searches'
  return (
    <>
      {!mayChange && <Notice tone="info">{whyNot('change_identity')}</Notice>}
      {linkage.running && <RunProgress run={linkage.running} />}
      <Tabs
        value={shown}
        onChange={(next) =>
          void navigate({
            to: '/know/duplicates',
            search: { tab: next === 'searches' ? undefined : (next ?? undefined) },
            replace: true,
            resetScroll: false,
          })
        }
      >
        <Tabs.List className={classes.tabs}>
          {Object.entries(tabs).map(([key, label]) => (
            <Tabs.Tab key={key} value={key}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="searches">
          <Runs linkage={linkage} />
        </Tabs.Panel>
        <Tabs.Panel value="sure">
          <HowSure linkage={linkage} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <LinkageSettings settings={linkage.settings} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

/** What is next: answering what waits, or else looking. */
function Actions({ linkage }: { linkage: Linkage }) {
  const mayChange = useMay('change_identity')
  const { n_open } = linkage.review
  const start = useStartRun()
  return (
    <>
      <Button
        variant={n_open > 0 ? 'default' : 'filled'}
        disabled={!mayChange || linkage.running !== null}
        title={whyNoStart(mayChange, linkage)}
        loading={start.isPending}
        onClick={() => start.mutate()}
      >
        Look for duplicates
      </Button>
      {n_open > 0 && (
        <Button component={Link} to="/know/duplicates/review">
          Review {counted(n_open, 'pair')}
        </Button>
      )}
    </>
  )
}

function whyNoStart(mayChange: boolean, { running }: Linkage): string | undefined {
  if (!mayChange) return whyNot('change_identity')
  return running ? 'A search is at work already; wait for it, or stop it.' : undefined
}
