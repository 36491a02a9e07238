// Which uploaded files wait here, and when are they gone?
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { uploadsQuery } from '@/api/importQueries'
import type { Upload } from '@/api/types'
import { described, RelativeTime, Section, useToast } from '@/kit'
import { bytes } from '@/kit/number'
import classes from './import.module.css'

/** Nothing is shown where nothing waits: that is the usual case. */
export function WaitingFiles({ onChoose }: { onChoose: (id: string) => void }) {
  const uploads = useQuery(uploadsQuery)
  const remove = useRemoveUpload()
  const waiting = uploads.data?.items.filter((upload) => upload.is_here) ?? []
  if (waiting.length === 0) return null
  return (
    <Section title="Files that wait here">
      <ul className={classes.files}>
        {waiting.map((upload) => (
          <li key={upload.id}>
            <WaitingFile upload={upload} />
            <span className={classes.row}>
              <Button variant="default" onClick={() => onChoose(upload.id)}>
                Go on with it
              </Button>
              <Button
                variant="default"
                loading={remove.isPending && remove.variables === upload.id}
                onClick={() => remove.mutate(upload.id)}
              >
                Delete now
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function WaitingFile({ upload }: { upload: Upload }) {
  return (
    <span className={classes.waiting}>
      <span className={classes.fileName}>{upload.file_name}</span>
      <span className="muted small">
        {bytes(upload.n_bytes)}, uploaded <RelativeTime at={upload.uploaded_at} />, deleted{' '}
        <RelativeTime at={upload.delete_at} />
      </span>
    </span>
  )
}

export function useRemoveUpload() {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE('/api/uploads/{id}', { params: { path: { id } } })),
    onSuccess: () => toast.done('The uploaded file is deleted'),
    onError: (error) => toast.failed(described(error).message),
    onSettled: () => client.invalidateQueries({ queryKey: uploadsQuery.queryKey, exact: true }),
  })
}
