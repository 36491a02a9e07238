// What can Ctrl-K find? Every page, a few actions, boards and metrics by name, and any customer by
// any identifier.
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { CustomerRow } from '@/api/types'
import { customerFindQuery } from '@/api/queries'
import { described } from '@/kit'
import type { NavStage } from '@/kit/frame/Frame'
import { CommandPalette, type Command } from '@/kit/palette/CommandPalette'
import { customerName, customerSubtitle } from '@/pages/know/naming'
import { may } from './rights'
import { useKept } from './useKept'
import { useUser } from './useSession'

interface FindAnythingProps {
  opened: boolean
  onClose: () => void
  stages: NavStage[]
}

export function FindAnything({ opened, onClose, stages }: FindAnythingProps) {
  const [query, setQuery] = useState('')
  const [settled] = useDebouncedValue(query.trim(), 150)
  const navigate = useNavigate()
  const role = useUser()?.role
  const found = useQuery({ ...customerFindQuery(settled), enabled: opened && settled !== '' })

  const go = (to: string) => () => void navigate({ to })
  const pages = [...pageCommands(stages, go), ...(may(role, 'change_sources') ? actions(go) : [])]
  const kept = useKept(settled, opened, go)
  const wanted = query.trim().toLowerCase()
  const customers = wanted && found.data ? found.data.items : []
  const commands = [
    ...customers.map((row) =>
      customerCommand(row, () => navigate({ to: '/know/customers/$id', params: { id: row.id } })),
    ),
    ...(wanted ? kept : []),
    ...pages.filter((command) => command.title.toLowerCase().includes(wanted)),
  ]

  return (
    <CommandPalette
      opened={opened}
      onClose={() => {
        onClose()
        setQuery('')
      }}
      query={query}
      onQuery={setQuery}
      commands={commands}
      busy={wanted !== '' && (found.isFetching || settled !== query.trim())}
      failure={found.isError ? described(found.error).message : undefined}
    />
  )
}

function pageCommands(stages: NavStage[], go: (to: string) => () => void): Command[] {
  return stages.flatMap((stage) => {
    const pages = stage.pages.length > 0 ? stage.pages : [{ to: stage.to, label: stage.label }]
    return pages.map((page) => ({
      id: page.to,
      title: page.label,
      detail: page.label === stage.label ? undefined : stage.label,
      icon: stage.icon,
      group: 'Pages',
      run: go(page.to),
    }))
  })
}

function actions(go: (to: string) => () => void): Command[] {
  return [
    {
      id: 'create-source',
      title: 'Create a source',
      icon: 'plus',
      group: 'Actions',
      run: go('/listen/sources?new=1'),
    },
  ]
}

function customerCommand(row: CustomerRow, run: () => void): Command {
  return {
    id: row.id,
    title: customerName(row),
    detail: row.matched ? row.matched.value : customerSubtitle(row),
    icon: row.is_known ? 'user' : 'cookie',
    group: 'Customers',
    run,
  }
}
