// Which tables, columns and functions are there? A click puts the name into the query.
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { Icon, QuietButton } from '@/kit'
import { isWord } from './editor/offers'
import { found } from './found'
import classes from './sql.module.css'
import type { SchemaFunction, SchemaTable, SqlSchema } from './types'

interface SchemaBrowserProps {
  schema: SqlSchema
  onInsert: (text: string) => void
  onOpen: (query: string) => void
}

export function SchemaBrowser({ schema, onInsert, onOpen }: SchemaBrowserProps) {
  const [wanted, setWanted] = useState('')
  const { tables, functions } = found(schema, wanted)
  const isSearch = wanted.trim() !== ''
  return (
    <>
      <TextInput
        aria-label="Find a table, column or function"
        placeholder="Find a column"
        leftSection={<Icon name="search" size={14} />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      {isSearch && tables.length + functions.length === 0 && (
        <p className={classes.nothing}>Nothing here is called that.</p>
      )}
      {tables.length > 0 && (
        <section aria-label="Tables">
          <h2 className={classes.sideHead}>Tables</h2>
          <ul>
            {tables.map((table) => (
              <Table
                key={table.name}
                table={table}
                isOpen={isSearch || undefined}
                onInsert={onInsert}
              />
            ))}
          </ul>
        </section>
      )}
      {functions.length > 0 && (
        <section aria-label="Functions">
          <h2 className={classes.sideHead}>Functions</h2>
          <ul>
            {functions.map((one) => (
              <FunctionLine key={one.name} one={one} onInsert={onInsert} onOpen={onOpen} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

interface TableProps {
  table: SchemaTable
  /** Open whatever was clicked: somebody searches. */
  isOpen: true | undefined
  onInsert: (text: string) => void
}

function Table({ table, isOpen, onInsert }: TableProps) {
  const [opened, setOpened] = useState(table.name === 'events')
  const shown = isOpen ?? opened
  return (
    <li>
      <div className={classes.named}>
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={shown}
          aria-label={`Columns of ${table.name}`}
          onClick={() => setOpened(!shown)}
        >
          <Icon name={shown ? 'chevron-down' : 'chevron-right'} size={14} />
        </button>
        <button
          type="button"
          className={classes.insert}
          title={`Put ${table.name} into the query`}
          onClick={() => onInsert(table.name)}
        >
          <code>{table.name}</code>
        </button>
      </div>
      {shown && (
        <>
          <p className={classes.note}>{table.note}</p>
          <ul className={classes.columns}>
            {table.columns.map(({ name, type, note }) => (
              <li key={name}>
                <button
                  type="button"
                  className={classes.insert}
                  title={note || undefined}
                  onClick={() => onInsert(name)}
                >
                  <code>{name}</code>
                  <span className={classes.type}>{type.toLowerCase()}</span>
                  {note && <span className="visually-hidden">{note}</span>}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </li>
  )
}

interface FunctionLineProps {
  one: SchemaFunction
  onInsert: (text: string) => void
  onOpen: (query: string) => void
}

function FunctionLine({ one, onInsert, onOpen }: FunctionLineProps) {
  const [opened, setOpened] = useState(false)
  const isQuery = /^\s*(select|with|explain)\b/i.test(one.example)
  return (
    <li>
      <div className={classes.named}>
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={opened}
          aria-label={`About ${one.name}`}
          onClick={() => setOpened(!opened)}
        >
          <Icon name={opened ? 'chevron-down' : 'chevron-right'} size={14} />
        </button>
        <button
          type="button"
          className={classes.insert}
          title={one.note}
          onClick={() => onInsert(isWord(one.name) ? `${one.name}(` : ` ${one.name} `)}
        >
          <code>{one.name}</code>
        </button>
      </div>
      {opened && (
        <div className={classes.about}>
          <code className={classes.signature}>{one.signature}</code>
          <p>{one.note}</p>
          {one.example && <pre className={classes.example}>{one.example}</pre>}
          {isQuery && (
            <QuietButton onClick={() => onOpen(one.example)}>Open this example</QuietButton>
          )}
        </div>
      )}
    </li>
  )
}
