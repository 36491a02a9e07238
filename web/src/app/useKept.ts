// Which boards and metrics have a name with this in it?
import { useQuery } from '@tanstack/react-query'
import { boardsQuery } from '@/api/boardQueries'
import { metricsQuery } from '@/api/metricQueries'
import type { Command } from '@/kit/palette/CommandPalette'

const SHOWN_MAX = 5

/** What people made here and gave a name, as things to go to. */
export function useKept(text: string, opened: boolean, go: (to: string) => () => void): Command[] {
  const wanted = text.toLowerCase()
  const enabled = opened && wanted !== ''
  const boards = useQuery({ ...boardsQuery, enabled }).data?.boards ?? []
  const metrics = useQuery({ ...metricsQuery, enabled }).data?.metrics ?? []
  if (!enabled) return []
  const named = ({ name }: { name: string }) => name.toLowerCase().includes(wanted)
  return [
    ...boards
      .filter(named)
      .slice(0, SHOWN_MAX)
      .map(({ id, name }) => command('Boards', 'layout-dashboard', name, `/ask/boards/${id}`)),
    ...metrics
      .filter((metric) => !metric.is_archived && named(metric))
      .slice(0, SHOWN_MAX)
      .map(({ key, name }) => command('Metrics', 'chart-line', name, `/ask/metrics/${key}`)),
  ]

  function command(group: string, icon: Command['icon'], title: string, to: string): Command {
    return { id: to, title, icon, group, run: go(to) }
  }
}
