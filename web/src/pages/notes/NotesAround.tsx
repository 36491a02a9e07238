// Which notes stand beside the days of the charts within, and where are they written?
import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useContext, useMemo, useState, type ReactNode } from 'react'
import { notesQuery, type Note } from '@/api/noteQueries'
import { metricVersionsQuery } from '@/api/metricQueries'
import { QuietButton } from '@/kit'
import { localDay, Marks, type Mark } from '@/kit/chart'
import { viewerZone } from '@/kit/time'
import { NotesForm } from './NotesForm'
import { NotesOpener } from './opener'

/** Charts within show the notes; a click on one opens it. */
export function NotesAround({ children }: { children: ReactNode }) {
  const notes = useQuery(notesQuery)
  const [opened, setOpened] = useState(false)
  const [edited, setEdited] = useState<Note | null>(null)
  const marks = useMemo(() => {
    const markOf = (note: Note): Mark => ({
      ...{ key: note.id, day: note.day, text: note.text },
      onOpen: () => {
        setEdited(note)
        setOpened(true)
      },
    })
    return notes.data?.notes.map(markOf) ?? []
  }, [notes.data])
  const [open] = useState(() => () => {
    setEdited(null)
    setOpened(true)
  })
  return (
    <NotesOpener value={open}>
      <Marks value={marks}>{children}</Marks>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Notes on charts"
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close the notes' }}
      >
        <NotesForm edited={edited} onEdit={setEdited} />
      </Modal>
    </NotesOpener>
  )
}

/** Opens the notes of the charts around it. */
export function NotesButton() {
  const open = useContext(NotesOpener)
  return open && <QuietButton onClick={open}>Notes…</QuietButton>
}

/** Charts within show, beside the notes, when the metric began to measure something else. */
export function VersionsAround({ metric, children }: { metric?: string; children: ReactNode }) {
  const around = useContext(Marks)
  const versions = useQuery({ ...metricVersionsQuery(metric ?? ''), enabled: Boolean(metric) })
  const marks = useMemo(() => {
    const changed = versions.data?.versions.filter(({ version }) => version > 1) ?? []
    const markOf = ({ version, changed_at }: (typeof changed)[number]): Mark => ({
      key: `version ${version}`,
      day: localDay(changed_at, viewerZone),
      text: `defined anew: version ${version}`,
    })
    return [...around, ...changed.map(markOf)]
  }, [around, versions.data])
  return <Marks value={marks}>{children}</Marks>
}
