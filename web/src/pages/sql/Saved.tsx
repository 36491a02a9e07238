// Which queries are kept, by whom, and how are they renamed and thrown away?
import { Menu, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ComponentProps, type FormEvent } from 'react'
import {
  described,
  EmptyState,
  ErrorState,
  Icon,
  RecentlyDeleted,
  RelativeTime,
  Skeleton,
  useToast,
} from '@/kit'
import { changeQuery, deleteQuery, restoreQuery, savedQuery } from './queries'
import classes from './sql.module.css'
import type { SavedQuery } from './types'

interface SavedProps {
  openId: string | undefined
  onOpen: (query: string, saved: SavedQuery) => void
  onDeleted: (id: string) => void
}

export function Saved({ openId, onOpen, onDeleted }: SavedProps) {
  const saved = useQuery(savedQuery)
  if (saved.isPending) return <Skeleton height={40} lines={4} />
  if (saved.isError) {
    return (
      <ErrorState
        what="The saved queries could not be read"
        error={saved.error}
        onRetry={() => void saved.refetch()}
      />
    )
  }
  const { queries, deleted } = saved.data
  return (
    <>
      {queries.length === 0 ? (
        <EmptyState icon="scroll-text" title="Saved queries will be listed here">
          Write a query, then Save. Everybody who may ask in SQL sees it.
        </EmptyState>
      ) : (
        <ul className={classes.saved} aria-label="Saved queries">
          {queries.map((one) => (
            <Line
              key={one.id}
              one={one}
              isOpen={one.id === openId}
              onOpen={() => onOpen(one.query, one)}
              onDeleted={onDeleted}
            />
          ))}
        </ul>
      )}
      <Deleted items={deleted} />
    </>
  )
}

/** The way back of a deleted query, for a toast and for the list. */
function useRestore() {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: restoreQuery,
    onError: (error) => toast.failed(described(error).message),
    onSettled: () => client.invalidateQueries({ queryKey: savedQuery.queryKey }),
  })
}

function Deleted({ items }: { items: ComponentProps<typeof RecentlyDeleted>['items'] }) {
  const restore = useRestore()
  return (
    <RecentlyDeleted
      items={items}
      busyId={restore.isPending ? restore.variables : undefined}
      onRestore={({ id }) => restore.mutate(id)}
    />
  )
}

interface LineProps {
  one: SavedQuery
  isOpen: boolean
  onOpen: () => void
  onDeleted: (id: string) => void
}

function Line({ one, isOpen, onOpen, onDeleted }: LineProps) {
  const [renames, setRenames] = useState(false)
  const client = useQueryClient()
  const toast = useToast()
  const again = () => void client.invalidateQueries({ queryKey: savedQuery.queryKey })
  const failed = (error: Error) => toast.failed(described(error).message)
  const restore = useRestore()
  const remove = useMutation({
    mutationFn: () => deleteQuery(one.id),
    onSuccess: () => {
      onDeleted(one.id)
      again()
      toast.done(`“${one.name}” was deleted.`, () => restore.mutate(one.id))
    },
    onError: failed,
  })
  if (renames) return <Rename one={one} onDone={() => setRenames(false)} />
  return (
    <li className={classes.savedLine} data-open={isOpen || undefined}>
      <button
        type="button"
        className={classes.savedName}
        aria-current={isOpen || undefined}
        onClick={onOpen}
      >
        <bdi>{one.name}</bdi>
        <span className={classes.savedBy}>
          {one.owner}, <RelativeTime at={one.changed_at} />
        </span>
      </button>
      <Menu position="bottom-end">
        <Menu.Target>
          <button type="button" className={classes.toggle} aria-label={`More about ${one.name}`}>
            <Icon name="ellipsis" size={14} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setRenames(true)}>Rename</Menu.Item>
          <Menu.Item onClick={() => remove.mutate()}>Delete</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  )
}

function Rename({ one, onDone }: { one: SavedQuery; onDone: () => void }) {
  const [name, setName] = useState(one.name)
  const client = useQueryClient()
  const rename = useMutation({
    mutationFn: () => changeQuery(one.id, { name: name.trim(), query: one.query, look: one.look }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: savedQuery.queryKey })
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === one.name) onDone()
    else if (name.trim()) rename.mutate()
  }
  return (
    <li>
      <form onSubmit={submit}>
        <TextInput
          aria-label={`New name of ${one.name}`}
          description="Enter renames it, Escape leaves it as it is"
          autoFocus
          maxLength={120}
          value={name}
          error={rename.isError ? described(rename.error).message : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && onDone()}
        />
      </form>
    </li>
  )
}
