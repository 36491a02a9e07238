// Which files were brought in, how far are they, and what was left out?
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useLive } from '@/api/live'
import { importsQuery } from '@/api/queries'
import type { Import } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { EmptyState, ErrorState, Page, PageHeader, Skeleton } from '@/kit'
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
        action={items.length > 0 && <BringIn />}
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
        <EmptyState icon="upload" title="Your imports will be listed here" action={<BringIn />}>
          No file has been brought in yet. Orders, contacts or events from another system become
          customers and their history.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.list}>
          {items.map((item) => (
            <ImportLine key={item.id} item={item} onOpen={() => setOpen(item.id)} />
          ))}
        </ul>
      )}
      <ImportDrawer item={items.find((item) => item.id === open)} onClose={close} />
    </Page>
  )
}

function BringIn() {
  const mayImport = useMay('run_imports')
  if (!mayImport) {
    return (
      <Button disabled title={whyNot('run_imports')}>
        Bring in a file
      </Button>
    )
  }
  return (
    <Button component={Link} to="/listen/imports/new">
      Bring in a file
    </Button>
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
