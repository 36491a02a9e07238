// Which notes are there?
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { deleteNote, notesQuery, writeNote, type Note } from '@/api/noteQueries'
import { described, ErrorState, QuietButton, RelativeTime, Skeleton, useToast } from '@/kit'
import { dateOnly } from '@/kit/time'
import classes from './notes.module.css'

interface NotesListProps {
  edited: Note | null
  /** Undefined where one may only read. */
  onEdit?: (note: Note | null) => void
}

export function NotesList({ edited, onEdit }: NotesListProps) {
  const notes = useQuery(notesQuery)
  if (notes.isPending) return <Skeleton height={40} lines={3} />
  if (notes.isError) {
    return (
      <ErrorState
        what="The notes could not be read"
        error={notes.error}
        onRetry={() => void notes.refetch()}
      />
    )
  }
  const newest = [...notes.data.notes].reverse()
  if (newest.length === 0) {
    return (
      <p className="muted">There is no note yet: a price rise, say, or a day without a shop.</p>
    )
  }
  return (
    <ul className={classes.lines} aria-label="Notes">
      {newest.map((note) => (
        <Line key={note.id} note={note} isEdited={note.id === edited?.id} onEdit={onEdit} />
      ))}
    </ul>
  )
}

interface LineProps extends Pick<NotesListProps, 'onEdit'> {
  note: Note
  isEdited: boolean
}

function Line({ note, isEdited, onEdit }: LineProps) {
  const remove = useRemove(note)
  return (
    <li className={classes.line} aria-current={isEdited || undefined}>
      <span className={classes.said}>
        <bdi className={classes.name}>{note.text}</bdi>
        <span className={classes.sub}>
          {dateOnly(new Date(`${note.day}T00:00`))}; <bdi>{note.changed_by}</bdi>,{' '}
          <RelativeTime at={note.changed_at} />
        </span>
      </span>
      {onEdit && (
        <span className={classes.acts}>
          <QuietButton label={`Change: ${note.text}`} onClick={() => onEdit(note)}>
            Change
          </QuietButton>
          <QuietButton
            label={`Delete: ${note.text}`}
            onClick={() => {
              if (isEdited) onEdit(null)
              remove.mutate()
            }}
          >
            Delete
          </QuietButton>
        </span>
      )}
    </li>
  )
}

function useRemove({ id, day, text }: Note) {
  const client = useQueryClient()
  const toast = useToast()
  const anew = () => client.invalidateQueries({ queryKey: notesQuery.queryKey })
  const failed = (error: unknown) =>
    toast.failed(`Nothing was changed. ${described(error).message}`)
  return useMutation({
    mutationFn: () => deleteNote(id),
    onSuccess: () =>
      toast.done('The note is deleted', () => void writeNote({ day, text }).then(anew, failed)),
    onError: failed,
    onSettled: anew,
  })
}
