// How far is this import, what can be done about it, and where do its rows show?
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import { importQuery, uploadLookQuery } from '@/api/importQueries'
import type { Import } from '@/api/types'
import { described, Icon, Notice, RelativeTime, Section, Status, useToast } from '@/kit'
import { countExact, counted } from '@/kit/number'
import { ImportProgress, rowsOf } from '../ImportLine'
import { importStates } from '../importWords'
import classes from './import.module.css'
import { useStartImport } from './useStartImport'

export function ImportOutcome({ item }: { item: Import }) {
  const { state } = item
  const words = importStates[state]
  return (
    <Section title={item.file_name}>
      <div className={classes.ready}>
        <Status tone={words.tone}>{words.words}</Status>
        {state === 'running' && <ImportProgress item={item} />}
        <p className={classes.sentence} role="status">
          {rowsOf(item)}, {counted(item.n_events, 'event')}
          {item.n_duplicates > 0 && `, ${countExact(item.n_duplicates)} of them were here already`}
          {item.n_rejected > 0 && `, ${counted(item.n_rejected, 'row')} refused`}.
        </p>
        {item.message && <Notice tone={state === 'failed' ? 'bad' : 'info'}>{item.message}</Notice>}
        <FileFate item={item} />
        <div className={classes.row}>
          <ImportActions item={item} />
        </div>
      </div>
    </Section>
  )
}

function FileFate({ item }: { item: Import }) {
  if (item.state === 'done') {
    return (
      <p className="muted">
        The uploaded file was deleted
        {item.finished_at && (
          <>
            {' '}
            <RelativeTime at={item.finished_at} />
          </>
        )}
        .
        {item.n_rejected > 0 &&
          item.upload_id !== null &&
          ' Its refused rows stay for a day, to be downloaded and mended.'}
      </p>
    )
  }
  if (item.state === 'running') {
    return <p className="muted">You can leave this page: it goes on, and Imports shows it.</p>
  }
  return item.upload_id === null ? (
    <p className="muted">The uploaded file is not here any more. Upload it again to go on.</p>
  ) : (
    <p className="muted">The uploaded file stays for a day, so that it can go on.</p>
  )
}

function ImportActions({ item }: { item: Import }) {
  if (item.state === 'running') return item.runs_here ? <StopButton item={item} /> : null
  if (item.state !== 'done') {
    return (
      <>
        {item.upload_id !== null && <GoOnButton item={item} uploadId={item.upload_id} />}
        <RejectsLink item={item} />
      </>
    )
  }
  return (
    <>
      <Button component={Link} to="/know/customers">
        See the customers
      </Button>
      <RejectsLink item={item} />
      <Button variant="default" component={Link} to="/listen/imports/new">
        Bring in another file
      </Button>
    </>
  )
}

/** The refused rows as a file: only while they are kept. */
export function RejectsLink({ item }: { item: Import }) {
  if (item.n_rejected === 0 || item.upload_id === null || item.state === 'running') return null
  return (
    <Button
      variant="default"
      component="a"
      href={`/api/imports/${item.id}/rejects.csv`}
      download
      leftSection={<Icon name="arrow-down" size={14} />}
    >
      Download the refused rows
    </Button>
  )
}

export function StopButton({ item }: { item: Import }) {
  const toast = useToast()
  const stop = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/imports/{id}/stop', { params: { path: { id: item.id } } })),
    onError: (error) => toast.failed(described(error).message),
  })
  return (
    <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
      Stop the import
    </Button>
  )
}

/** Goes on by the mapping that it was begun with. */
export function GoOnButton({ item, uploadId }: { item: Import; uploadId: string }) {
  const client = useQueryClient()
  const toast = useToast()
  const start = useStartImport(() => {})
  const goOn = useMutation({
    mutationFn: async () => {
      const look = await client.fetchQuery(uploadLookQuery(uploadId, undefined))
      const mapping = look.tried ?? look.proposed
      await start.mutateAsync({ uploadId, mapping })
      await client.invalidateQueries({ queryKey: importQuery(item.id).queryKey })
    },
    onError: (error) => toast.failed(described(error).message),
  })
  return (
    <Button loading={goOn.isPending} onClick={() => goOn.mutate()}>
      Go on where it was
    </Button>
  )
}
