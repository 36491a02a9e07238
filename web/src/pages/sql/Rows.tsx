// Which rows did the query give, how many, how fast, and where can they go from here?
import { useMemo, useState } from 'react'
import { DataTable, Notice, QuietButton } from '@/kit'
import { countExact } from '@/kit/number'
import { duration } from '@/kit/time'
import { kindOf } from './cells'
import { Download } from './Download'
import { RowDrawer } from './RowDrawer'
import { columnsFor, type Numbered } from './resultColumns'
import { rowsWords } from './rowsWords'
import classes from './sql.module.css'
import type { SqlAnswer } from './types'
import { ROWS_AT_MOST, type Run } from './useRun'

interface RowsProps {
  run: Extract<Run, { state: 'done' }>
  onMore: (query: string, rowsMax: number) => void
}

export function Rows({ run, onMore }: RowsProps) {
  const { answer, query, rowsMax } = run
  const [opened, setOpened] = useState<Numbered | null>(null)
  const columns = useMemo(() => columnsFor(answer), [answer])
  const rows = useMemo(() => answer.rows.map((cells, n) => ({ cells, n })), [answer])
  return (
    <div className={classes.rows}>
      <div className={classes.rowsHead}>
        <p role="status">
          <strong>{rowsWords(answer)}</strong>{' '}
          <span className="muted">
            in {duration(answer.took_ms)}
            {hasTimes(answer) && ', times in UTC'}
          </span>
        </p>
        {answer.is_cut && rowsMax < ROWS_AT_MOST && (
          <QuietButton onClick={() => onMore(query, ROWS_AT_MOST)}>
            Show {countExact(ROWS_AT_MOST)}
          </QuietButton>
        )}
        {rows.length > 0 && <Download query={query} isCut={answer.is_cut} />}
      </div>
      {answer.error && (
        <Notice tone="bad">
          The answer breaks off here: {answer.error.message}
          {answer.error.hint && <p className={classes.hint}>{answer.error.hint}</p>}
        </Notice>
      )}
      {rows.length === 0 ? (
        <p className={classes.quiet}>
          Nothing meets the conditions. The columns would be{' '}
          {answer.columns.map(({ name }) => name).join(', ')}.
        </p>
      ) : (
        <DataTable<Numbered>
          label="Rows"
          columns={columns}
          rows={rows}
          rowKey={({ n }) => String(n)}
          onOpen={setOpened}
          openKey={opened ? String(opened.n) : undefined}
        />
      )}
      <RowDrawer columns={answer.columns} row={opened} onClose={() => setOpened(null)} />
    </div>
  )
}

const hasTimes = ({ columns }: SqlAnswer) => columns.some(({ type }) => kindOf(type) === 'time')
