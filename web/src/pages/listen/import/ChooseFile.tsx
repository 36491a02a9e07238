// Which file is it? Dropped, or chosen; and which files wait here already?
import { Button } from '@mantine/core'
import { useState, type DragEvent } from 'react'
import { CodeBlock, described, Icon, Notice, Section } from '@/kit'
import { bytes, share } from '@/kit/number'
import classes from './import.module.css'
import { useUpload, type Sending } from './useUpload'
import { WaitingFiles } from './WaitingFiles'

const FILES = '.csv,.tsv,.txt,.jsonl,.ndjson,.json,.parquet,.gz,.zst'

export function ChooseFile({ onThere }: { onThere: (id: string) => void }) {
  const { sending, send, cancel } = useUpload((upload) => onThere(upload.id))
  return (
    <div className={classes.choose}>
      {sending.state === 'sending' ? (
        <SendingFile sending={sending} onCancel={cancel} />
      ) : (
        <DropZone onFile={send} />
      )}
      {sending.state === 'failed' && <Failed sending={sending} />}
      <WaitingFiles onChoose={onThere} />
      <Section title="What happens to the file">
        <ul className={classes.points}>
          <li>It is read on this server and nowhere else. Only you and admins see it.</li>
          <li>
            As soon as it is imported it is deleted. Rows that were refused are kept for one more
            day, so that you can download and mend them.
          </li>
          <li>
            A file that is not imported is deleted a day after you last had to do with it, or at
            once when you say so.
          </li>
        </ul>
      </Section>
      <Section title="From the command line">
        <div className={classes.hint}>
          <p className="muted">
            Files over 4 GB, and imports that run every night, come in by the command of the engine.
            It reads the same files and proposes the same meanings.
          </p>
          <CodeBlock label="In the terminal of the engine" code="rapport import orders.csv" />
        </div>
      </Section>
    </div>
  )
}

function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const file = files?.[0]
    if (file) onFile(file)
  }
  const drag = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault()
    setOver(isOver)
  }
  return (
    <label
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event)
        take(event.dataTransfer.files)
      }}
    >
      <Icon name="upload" size={24} />
      <span className={classes.dropTitle}>
        Drop a file here, or <span className={classes.link}>choose one</span>
      </span>
      <span className="muted small">
        CSV, JSON lines or Parquet, also packed with gzip or zstd, up to 4 GB. From a table program:
        save as CSV.
      </span>
      <input
        type="file"
        className="visually-hidden"
        accept={FILES}
        onChange={(event) => {
          take(event.currentTarget.files)
          event.currentTarget.value = ''
        }}
      />
    </label>
  )
}

interface SendingFileProps {
  sending: Extract<Sending, { state: 'sending' }>
  onCancel: () => void
}

function SendingFile({ sending, onCancel }: SendingFileProps) {
  const { name, n_bytes, n_sent } = sending
  const percent = n_bytes > 0 ? Math.floor((n_sent / n_bytes) * 100) : 0
  const isSent = n_sent >= n_bytes && n_bytes > 0
  return (
    <div className={classes.sending}>
      <p>
        <strong className={classes.fileName}>{name}</strong>, {bytes(n_bytes)}
      </p>
      <div
        className={classes.track}
        role="progressbar"
        aria-label={`Sending ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
      <div className={classes.row}>
        <span className="muted small" role="status">
          {isSent ? 'Sent. Looking at its rows…' : `${share(n_sent, n_bytes)} sent`}
        </span>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  )
}

function Failed({ sending }: { sending: Extract<Sending, { state: 'failed' }> }) {
  const { message, hint } = described(sending.error)
  return (
    <Notice tone="bad">
      <p>
        {sending.name} was not taken: {message}
      </p>
      {hint && <p>{hint}</p>}
    </Notice>
  )
}
