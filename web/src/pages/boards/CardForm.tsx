// What is a card called, what is to be known about it, and how does it look?
import { Button, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import type { Card } from '@/api/boardTypes'
import classes from './boards.module.css'
import { looksFor } from './looks'

interface CardFormProps {
  card: Card
  onClose: () => void
  onChange: (part: Pick<Card, 'title' | 'note' | 'look'>) => void
}

export function CardForm({ card, onClose, onChange }: CardFormProps) {
  const [title, setTitle] = useState(card.title)
  const [note, setNote] = useState(card.note ?? '')
  const [chart, setChart] = useState(card.look.chart)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onChange({ title: title.trim(), note: note.trim() || null, look: { ...card.look, chart } })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={card.title}
      closeButtonProps={{ 'aria-label': 'Close without a change' }}
    >
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          label="Title"
          data-autofocus
          maxLength={100}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label="Note"
          placeholder="What to know when reading it"
          autosize
          minRows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Select
          label="Shown as"
          data={looksFor(card.ask)}
          value={chart}
          onChange={(value) => value && setChart(value as typeof chart)}
        />
        <div className={classes.buttons}>
          <Button type="submit" disabled={title.trim() === ''}>
            Change the card
          </Button>
        </div>
      </form>
    </Modal>
  )
}
