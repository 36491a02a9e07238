// Who in this file is here already, or twice in it? Looked at before anything is stored.
import { Tabs } from '@mantine/core'
import { useState } from 'react'
import { ErrorState, Notice, Skeleton } from '@/kit'
import { countExact, counted } from '@/kit/number'
import {
  countsOf,
  doubleWords,
  fateWords,
  rowsOf,
  rowWords,
  summaryWords,
  type Sort,
} from './foundInImport'
import classes from './import.module.css'
import { EvidenceTable } from './PairView'
import { sideName } from './sides'
import { percent } from './strength'
import type { FoundInImport, FoundRow } from './wire'

interface ImportDuplicatesProps {
  /** How the looking goes: that of a query. */
  found: { data?: FoundInImport; isPending: boolean; error: unknown; refetch: () => unknown }
}

export function ImportDuplicates({ found }: ImportDuplicatesProps) {
  if (found.error) {
    return (
      <ErrorState
        what="The file could not be compared with your customers"
        error={found.error}
        onRetry={() => void found.refetch()}
      />
    )
  }
  if (found.isPending || !found.data) return <Skeleton height={24} lines={4} />
  return (
    <div className={classes.found}>
      <p className={classes.summary}>{summaryWords(found.data)}</p>
      {found.data.spread_over !== null && (
        <p className="muted small">
          These are a sample, spread over {counted(found.data.spread_over, 'row')} of the file; rows
          that are there twice were looked for among them only.
        </p>
      )}
      {!found.data.has_model && (
        <Notice tone="info">
          Only e-mails, numbers and other identifiers were compared. Similar names and addresses are
          found once somebody has looked for duplicates (Know, Duplicates).
        </Notice>
      )}
      <FoundRows found={found.data} />
    </div>
  )
}

const sortWords: Record<Sort, string> = {
  perhaps: 'Perhaps here already',
  double: 'Twice in the file',
  known: 'Here already',
}

function FoundRows({ found }: { found: FoundInImport }) {
  const counts = countsOf(found)
  const there = (['perhaps', 'double', 'known'] as const).filter((sort) => counts[sort] > 0)
  const [first] = there
  const [wanted, setWanted] = useState<Sort | null>(null)
  if (!first) return null
  const shown = wanted && there.includes(wanted) ? wanted : first
  return (
    <Tabs variant="pills" value={shown} onChange={(next) => setWanted(next as Sort)}>
      <Tabs.List>
        {there.map((sort) => (
          <Tabs.Tab key={sort} value={sort}>
            {sortWords[sort]} ({countExact(counts[sort])})
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={shown}>
        <RowList key={shown} rows={rowsOf(found, shown)} n={counts[shown]} sort={shown} />
      </Tabs.Panel>
    </Tabs>
  )
}

const ROWS_SHOWN = 20

function RowList({ rows, n, sort }: { rows: FoundRow[]; n: number; sort: Sort }) {
  const [n_shown, setShown] = useState(ROWS_SHOWN)
  const shown = rows.slice(0, n_shown)
  return (
    <>
      <ul className={classes.rows}>
        {shown.map((row) =>
          sort === 'double' ? (
            <DoubleLine key={row.row} row={row} />
          ) : (
            <RowLine key={row.row} row={row} />
          ),
        )}
      </ul>
      {rows.length > n_shown && (
        <button
          type="button"
          className={classes.more}
          onClick={() => setShown(n_shown + 5 * ROWS_SHOWN)}
        >
          Show more rows
        </button>
      )}
      {rows.length <= n_shown && n > rows.length && (
        <p className="muted small">
          The first {counted(rows.length, 'row')} of {countExact(n)}.
        </p>
      )}
    </>
  )
}

function DoubleLine({ row }: { row: FoundRow }) {
  return (
    <li className={classes.row}>
      <span className={classes.at}>{rowWords(row.row)}</span>
      <span>{doubleWords(row)}</span>
    </li>
  )
}

function RowLine({ row }: { row: FoundRow }) {
  const { customer, probability, evidence } = row
  const head = (
    <>
      <span className={classes.at}>{rowWords(row.row)}</span>
      <span className={classes.who}>
        <bdi>{customer ? sideName(customer) : 'a customer'}</bdi>
        {customer && <code>{customer.customer_id}</code>}
        {probability !== null && row.match === 'perhaps' && <strong>{percent(probability)}</strong>}
        <span className="muted">{fateWords(row)}</span>
      </span>
    </>
  )
  if (!evidence) return <li className={classes.row}>{head}</li>
  return (
    <li>
      <details className={classes.details}>
        <summary className={classes.row}>{head}</summary>
        <EvidenceTable
          evidence={evidence}
          heads={[
            `${rowWords(row.row)} of the file`,
            <bdi key="b">{customer ? sideName(customer) : 'The customer'}</bdi>,
          ]}
          numbers={false}
        />
      </details>
    </li>
  )
}
