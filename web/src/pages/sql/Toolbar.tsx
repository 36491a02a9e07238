// What can be done with the query: run it, stop it, keep it, hand it on?
import { Button, Popover, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type Ref } from 'react'
import { CopyButton, described, Icon, QuietButton, useToast } from '@/kit'
import { isOtherLook, lookToSave, type KeptLook, type Look } from './look'
import { changeQuery, savedQuery, saveQuery } from './queries'
import classes from './sql.module.css'
import type { SavedQuery } from './types'
import { fitsAddress, type useQueryText } from './useQueryText'

interface ToolbarProps {
  query: ReturnType<typeof useQueryText>
  look: Look
  isRunning: boolean
  runButton: Ref<HTMLButtonElement>
  onRun: () => void
  onStop: () => void
}

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)

export function Toolbar({ query, look, isRunning, runButton, onRun, onStop }: ToolbarProps) {
  const saved = useQuery(savedQuery)
  const open = saved.data?.queries.find(({ id }) => id === query.savedId)
  const isChanged = open && (open.query !== query.text || isOtherLook(open.look, look))
  const isEmpty = query.text.trim() === ''
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="The query">
      <RunButton
        isEmpty={isEmpty}
        isRunning={isRunning}
        runButton={runButton}
        onRun={onRun}
        onStop={onStop}
      />
      <span className={classes.keys} aria-hidden>
        <kbd>{isMac ? '⌘' : 'Ctrl'}</kbd> <kbd>Enter</kbd>
      </span>
      <span className={classes.grow}>
        {open && <span className={classes.openName}>{open.name}</span>}
      </span>
      {open && isChanged && !isEmpty && <SaveChanges open={open} query={query} look={look} />}
      {!isEmpty && <SaveAs query={query} look={look} isCopy={open !== undefined} />}
      {!isEmpty && fitsAddress(query.text) && (
        <CopyButton text={linkTo(query.text)} what="a link to this query" />
      )}
      {!isEmpty && <QuietButton onClick={() => query.load('')}>New</QuietButton>}
    </div>
  )
}

type RunButtonProps = Omit<ToolbarProps, 'query' | 'look'> & { isEmpty: boolean }

function RunButton({ isEmpty, isRunning, runButton, onRun, onStop }: RunButtonProps) {
  if (isRunning) {
    return (
      <Button ref={runButton} onClick={onStop} leftSection={<Icon name="ban" size={14} />}>
        Stop
      </Button>
    )
  }
  return (
    <Button
      ref={runButton}
      onClick={onRun}
      leftSection={<Icon name="play" size={14} />}
      aria-disabled={isEmpty || undefined}
      data-disabled={isEmpty || undefined}
      title={isEmpty ? 'Write a query first' : undefined}
    >
      Run
    </Button>
  )
}

export function linkTo(query: string): string {
  return `${location.origin}/ask/sql?${new URLSearchParams({ query }).toString()}`
}

interface SaveChangesProps {
  open: SavedQuery
  query: ToolbarProps['query']
  look: Look
}

function SaveChanges({ open, query, look }: SaveChangesProps) {
  const client = useQueryClient()
  const toast = useToast()
  const put = (text: string, kept: KeptLook) =>
    changeQuery(open.id, { name: open.name, query: text, look: kept })
  const again = () => client.invalidateQueries({ queryKey: savedQuery.queryKey })
  const before = open
  const save = useMutation({
    mutationFn: () => put(query.text, lookToSave(look)),
    onSuccess: () => {
      void again()
      toast.done(`“${open.name}” was saved.`, () => void put(before.query, before.look).then(again))
    },
    onError: (error) => toast.failed(`Not saved: ${described(error).message}`),
  })
  return (
    <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
      Save the changes
    </Button>
  )
}

interface SaveAsProps {
  query: ToolbarProps['query']
  look: Look
  isCopy: boolean
}

function SaveAs({ query, look, isCopy }: SaveAsProps) {
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const client = useQueryClient()
  const toast = useToast()
  const save = useMutation({
    mutationFn: () => saveQuery({ name: name.trim(), query: query.text, look: lookToSave(look) }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: savedQuery.queryKey })
      query.setSaved(made.id)
      setOpened(false)
      setName('')
      toast.done(`“${made.name}” was saved. It stands under Saved.`)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) save.mutate()
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={300} trapFocus>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpened(!opened)}>
          {isCopy ? 'Save as…' : 'Save…'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit} className={classes.saveForm}>
          <TextInput
            label="Name"
            placeholder="Revenue by month"
            value={name}
            maxLength={120}
            error={save.isError ? described(save.error).message : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            Save the query
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
