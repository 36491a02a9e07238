// What happened on a day that a chart alone does not tell? Written, changed, deleted.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { changeNote, notesQuery, writeNote, type Note } from '@/api/noteQueries'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { described, Notice } from '@/kit'
import { dayKey } from '@/kit/time'
import classes from './notes.module.css'
import { NotesList } from './NotesList'

interface NotesFormProps {
  /** The note that is being changed; null where a new one is written. */
  edited: Note | null
  onEdit: (note: Note | null) => void
}

const TEXT_MAX = 280

export function NotesForm({ edited, onEdit }: NotesFormProps) {
  const mayChange = useMay('change_boards')
  return (
    <div className={classes.form}>
      <p className="muted">
        A note stands beside its day on every chart over time, for everybody who is signed in.
      </p>
      {mayChange ? (
        <Words key={edited?.id ?? 'new'} edited={edited} onDone={() => onEdit(null)} />
      ) : (
        <Notice tone="info">{whyNot('change_boards')}</Notice>
      )}
      <NotesList edited={edited} onEdit={mayChange ? onEdit : undefined} />
    </div>
  )
}

function Words({ edited, onDone }: { edited: Note | null; onDone: () => void }) {
  const [day, setDay] = useState(edited?.day ?? dayKey(new Date()))
  const [text, setText] = useState(edited?.text ?? '')
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () =>
      edited
        ? changeNote(edited.id, { version: edited.version, day, text })
        : writeNote({ day, text }),
    onSuccess: () => {
      setText('')
      onDone()
    },
    onSettled: () => client.invalidateQueries({ queryKey: notesQuery.queryKey }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form onSubmit={submit} className={classes.words}>
      {save.isError && (
        <Notice tone="bad">Nothing was saved. {described(save.error).message}</Notice>
      )}
      <div className={classes.fields}>
        <TextInput
          label="Day"
          type="date"
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <TextInput
          label="What happened"
          placeholder="Price rise"
          data-autofocus
          maxLength={TEXT_MAX}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <div className={classes.buttons}>
        <Button type="submit" loading={save.isPending} disabled={!day || text.trim() === ''}>
          {edited ? 'Change the note' : 'Write the note'}
        </Button>
        {edited && (
          <Button variant="default" onClick={onDone}>
            Leave it as it is
          </Button>
        )}
      </div>
    </form>
  )
}
