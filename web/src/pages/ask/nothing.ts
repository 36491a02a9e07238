// Is an answer empty: did nothing happen of what was asked for, now and in the period before?
import type { Told } from '@/api/insightQueries'
import { paired } from '@/kit/chart/paired'

export function isNothing({ asked, told }: Told): boolean {
  return (
    paired(asked, told, {
      trend: (_, { lines, compared }) =>
        [...lines, ...(compared?.lines ?? [])].every(({ whole }) => whole.n === 0 && !whole.value),
      funnel: (_, { all, compared }) =>
        (all.steps[0]?.n ?? 0) === 0 && (compared?.steps[0]?.n ?? 0) === 0,
      retention: (_, { all }) => all.cohorts.every(({ n }) => n === 0),
      paths: (_, { n_paths }) => n_paths === 0,
      visits: (_, { all, compared }) => all.n_visits === 0 && !compared?.all.n_visits,
      lifecycle: (_, { spans }) => spans.every((span) => span.n_active + span.n_dormant === 0),
      stickiness: (_, { spans }) => spans.every(({ n_customers }) => n_customers === 0),
      rfm: (_, { n_customers }) => n_customers === 0,
      'last-touch': (_, { n_outcomes }) => n_outcomes === 0,
    }) ?? false
  )
}
