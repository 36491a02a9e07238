// What is the new, empty board called?
import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import classes from './boards.module.css'
import { useCreateBoard } from './Templates'

export function NewBoard({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="New board"
      closeButtonProps={{ 'aria-label': 'Close without a board' }}
    >
      <Form />
    </Modal>
  )
}

function Form() {
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const create = useCreateBoard()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ name: name.trim(), note: note.trim() })
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label="Name"
        data-autofocus
        placeholder="Which question does it answer?"
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label="Note"
        placeholder="Optional: what it is for, and whom to ask"
        autosize
        minRows={2}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
          Make the board
        </Button>
      </div>
    </form>
  )
}
