// Which files were brought in, how far are they, and what was left out?
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useLive } from '@/api/live'
import { importsQuery } from '@/api/queries'
import type { Import } from '@/api/types'
import { CodeBlock, EmptyState, ErrorState, Page, PageHeader, Section, Skeleton } from '@/kit'
import { ImportDrawer } from './ImportDrawer'
import { ImportLine } from './ImportLine'
import classes from './imports.module.css'

export function Imports() {
  const { id: open } = useParams({ strict: false })
  const navigate = useNavigate()
  const imports = useQuery(importsQuery)
  const items = imports.data?.items ?? []
  useImportStream()
  const setOpen = (id: string) =>
    void navigate({ to: '/listen/imports/$id', params: { id }, resetScroll: false })
  const close = () => void navigate({ to: '/listen/imports', resetScroll: false })

  return (
    <Page>
      <PageHeader
        title="Imports"
        lead="Files that were turned into events. An import can be stopped and run again at any time: nothing is doubled."
      />
      {imports.isPending && <Skeleton height={56} lines={3} />}
      {imports.isError && (
        <ErrorState
          what="The imports could not be read"
          error={imports.error}
          onRetry={() => void imports.refetch()}
        />
      )}
      {imports.isSuccess && items.length === 0 && (
        <EmptyState icon="upload" title="Your imports will be listed here">
          No file has been brought in yet. Orders, contacts or events from another system come in
          from the command line, as shown below.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.list}>
          {items.map((item) => (
            <ImportLine key={item.id} item={item} onOpen={() => setOpen(item.id)} />
          ))}
        </ul>
      )}
      {imports.isSuccess && <Hint />}
      <ImportDrawer item={items.find((item) => item.id === open)} onClose={close} />
    </Page>
  )
}

function Hint() {
  return (
    <Section title="Bring in a file">
      <div className={classes.hint}>
        <p className="muted">
          CSV, JSON lines and Parquet, also gzip and zstd. The command proposes which column means
          what, shows ten rows as they would arrive, and asks before it writes anything.
        </p>
        <CodeBlock label="In the terminal of the engine" code="rapport import orders.csv" />
      </div>
    </Section>
  )
}

/** Puts every change of a running import into the list at once. */
function useImportStream() {
  const client = useQueryClient()
  useLive(
    '/api/imports/stream',
    {
      import: (data) => {
        const changed = data as Import
        client.setQueryData(importsQuery.queryKey, (old) => {
          if (!old) return old
          const isKnown = old.items.some((item) => item.id === changed.id)
          const items = isKnown
            ? old.items.map((item) => (item.id === changed.id ? changed : item))
            : [changed, ...old.items]
          return { ...old, items }
        })
      },
    },
    () => void client.invalidateQueries({ queryKey: importsQuery.queryKey }),
  )
}
