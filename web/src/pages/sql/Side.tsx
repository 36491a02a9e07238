// What can be asked about, and what was asked before?
import { Tabs } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorState, Icon, Skeleton, useNarrow } from '@/kit'
import { Saved } from './Saved'
import { SchemaBrowser } from './SchemaBrowser'
import classes from './sql.module.css'
import type { SavedQuery, SqlSchema } from './types'

interface SideProps {
  schema: UseQueryResult<SqlSchema>
  onInsert: (text: string) => void
  onOpen: (query: string, saved?: SavedQuery) => void
  savedId: string | undefined
  onDeleted: (id: string) => void
}

export function Side(props: SideProps) {
  const narrow = useNarrow()
  const [opened, setOpened] = useState(false)
  if (!narrow) {
    return (
      <aside className={classes.side} aria-label="Tables and saved queries">
        <Parts {...props} />
      </aside>
    )
  }
  return (
    <aside className={classes.side} aria-label="Tables and saved queries">
      <button
        type="button"
        className={classes.fold}
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        <Icon name={opened ? 'chevron-down' : 'chevron-right'} size={14} />
        Tables, functions, saved queries
      </button>
      {opened && (
        <Parts {...props} onOpen={(...what) => (setOpened(false), props.onOpen(...what))} />
      )}
    </aside>
  )
}

function Parts({ schema, onInsert, onOpen, savedId, onDeleted }: SideProps) {
  return (
    <Tabs defaultValue="schema" variant="pills" className={classes.sideTabs}>
      <Tabs.List>
        <Tabs.Tab value="schema">Schema</Tabs.Tab>
        <Tabs.Tab value="saved">Saved</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="schema" className={classes.sidePanel}>
        {schema.isPending && <Skeleton height={20} lines={9} />}
        {schema.isError && (
          <ErrorState
            what="The tables could not be read"
            error={schema.error}
            onRetry={() => void schema.refetch()}
          />
        )}
        {schema.data && <SchemaBrowser schema={schema.data} onInsert={onInsert} onOpen={onOpen} />}
      </Tabs.Panel>
      <Tabs.Panel value="saved" className={classes.sidePanel}>
        <Saved openId={savedId} onOpen={onOpen} onDeleted={onDeleted} />
      </Tabs.Panel>
    </Tabs>
  )
}
