// What sort of file is this, how sure are we, and what should be looked at?
import { Select } from '@mantine/core'
import type { ImportShape, UploadLook } from '@/api/types'
import { Notice, RelativeTime, Tag } from '@/kit'
import { bytes, counted } from '@/kit/number'
import classes from './import.module.css'
import { shapeWords } from './partWords'

const sureness: Record<UploadLook['confidence'], string> = {
  high: 'names and contents agree',
  medium: 'likely, but look at it',
  low: 'a guess: look at it',
}

interface FoundOutProps {
  look: UploadLook
  onShape: (shape: ImportShape) => void
}

export function FoundOut({ look, onShape }: FoundOutProps) {
  const { upload, warnings, before } = look
  return (
    <div className={classes.found}>
      <p className={classes.fileLine}>
        <strong className={classes.fileName}>{upload.file_name}</strong>
        <span className="muted">
          {bytes(upload.n_bytes)}, {rowsOf(look)}, {counted(look.columns.length, 'column')}. Deleted{' '}
          <RelativeTime at={upload.delete_at} /> unless it is imported before.
        </span>
      </p>
      <div className={classes.shape}>
        <Select
          label="Each row is"
          data={look.shapes.map(({ shape }) => ({
            value: shape,
            label: shapeWords[shape].label,
          }))}
          value={look.shape}
          onChange={(shape) => shape && onShape(shape as ImportShape)}
        />
        <p className={classes.means}>
          {shapeWords[look.shape].means}{' '}
          {look.shape === look.shape_found && <Tag>{sureness[look.confidence]}</Tag>}
        </p>
      </div>
      {warnings.length > 0 && (
        <Notice tone="warn">
          {warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Notice>
      )}
      {before[0] && (
        <Notice tone="info">
          This file was imported before, <RelativeTime at={before[0].started_at} />, under the name
          “{before[0].mapping_name}”. Under the same name nothing is doubled; under another name
          every row counts anew.
        </Notice>
      )}
      <details className={classes.reasons}>
        <summary>Why it is proposed like this</summary>
        <ul className={classes.points}>
          {look.reasons.map(({ part, words }) => (
            <li key={part + words}>{words}</li>
          ))}
        </ul>
      </details>
    </div>
  )
}

function rowsOf({ n_rows, n_rows_seen }: UploadLook): string {
  if (n_rows !== null) return counted(n_rows, 'row')
  if (n_rows_seen >= 10_000) return 'more than 10,000 rows'
  return counted(n_rows_seen, 'row')
}
