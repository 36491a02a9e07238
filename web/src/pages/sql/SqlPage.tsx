// What does SQL answer? The tables, an editor, the answer below it.
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { EmptyState, Icon, Page, PageHeader, Skeleton, useNarrow, described } from '@/kit'
import { Answer } from './Answer'
import { Connect } from './Connect'
import type { EditorHandle } from './editor/SqlEditor'
import { plainLook, readLook } from './look'
import { placeOf, rangeAt } from './place'
import { schemaQuery } from './queries'
import { seenBy } from './seen'
import { Side } from './Side'
import classes from './sql.module.css'
import type { SavedQuery } from './types'
import { Toolbar } from './Toolbar'
import { useQueryText } from './useQueryText'
import { useRun } from './useRun'
import { useSavedLink } from './useSavedLink'

const SqlEditor = lazy(() => import('./editor/SqlEditor'))

export function SqlPage() {
  const mayAsk = useMay('ask_sql')
  if (!mayAsk) {
    return (
      <Page>
        <PageHeader title="SQL" />
        <EmptyState icon="database" title="SQL sees every event at once">
          <p>{whyNot('ask_sql')}</p>
        </EmptyState>
      </Page>
    )
  }
  return <Workplace />
}

function Workplace() {
  const query = useQueryText()
  const { run, start, stop } = useRun()
  const schema = useQuery(schemaQuery)
  const client = useQueryClient()
  const seen = useMemo(() => seenBy(client), [client])
  const editor = useRef<EditorHandle>(null)
  const runButton = useRef<HTMLButtonElement>(null)
  const narrow = useNarrow()
  const [look, setLook] = useState(plainLook)
  const [connects, setConnects] = useState(false)

  const error = run.state === 'failed' ? run.error : null
  const place = useMemo(
    () => (run.state === 'failed' ? placeOf(described(run.error).message, run.query) : null),
    [run],
  )
  // The mark stays while the text is the one that was run.
  const wrong = useMemo(
    () => (error && place && run.state === 'failed' ? rangeAt(run.query, place) : null),
    [error, place, run],
  )
  const ask = () => {
    if (!query.text.trim()) return
    // Whoever runs it wants to see what comes of it.
    if (look.tab === 'plan') setLook({ ...look, tab: 'answer' })
    start(query.text)
  }
  const open = (text: string, saved?: SavedQuery) => {
    query.load(text, saved?.id)
    setLook(readLook(saved?.look))
    editor.current?.goTo(0)
  }

  // A link may name it only, where its text is too long for an address.
  useSavedLink(query.savedId, (saved) => {
    if (query.text === '') query.load(saved.query, saved.id)
    setLook(readLook(saved.look))
  })

  return (
    <Page width={narrow ? 'data' : 'fill'}>
      <PageHeader
        title="SQL"
        lead="Any number asked for again, over the events as they were collected. Queries only read."
        action={
          <Button
            variant="default"
            leftSection={<Icon name="database" size={14} />}
            onClick={() => setConnects(true)}
          >
            Connect another program
          </Button>
        }
      />
      <div className={classes.workplace}>
        <Side
          schema={schema}
          onInsert={(text) => editor.current?.insert(text)}
          onOpen={open}
          savedId={query.savedId}
          onDeleted={(id) => id === query.savedId && query.setSaved(undefined)}
        />
        <div className={classes.desk}>
          <Suspense fallback={<EditorPlace />}>
            <SqlEditor
              ref={editor}
              loaded={query.loaded}
              schema={schema.data}
              seen={seen}
              wrong={wrong}
              onChange={query.onType}
              onRun={ask}
              onLeave={() => runButton.current?.focus()}
            />
          </Suspense>
          <Toolbar
            query={query}
            look={look}
            isRunning={run.state === 'running'}
            runButton={runButton}
            onRun={ask}
            onStop={stop}
          />
          <Answer
            run={run}
            look={look}
            onLook={setLook}
            text={query.text}
            place={place}
            onPlace={(at) => editor.current?.goTo(at)}
            onReplace={open}
            onMore={(text, rowsMax) => start(text, rowsMax)}
            onStop={stop}
            onExample={open}
          />
        </div>
      </div>
      <Connect opened={connects} onClose={() => setConnects(false)} server={schema.data?.server} />
    </Page>
  )
}

function EditorPlace() {
  return (
    <div className={classes.editor}>
      <Skeleton height={160} />
    </div>
  )
}
