// Which names stand in the data themselves: of events, and of their fields?
import type { QueryClient } from '@tanstack/react-query'
import { seenEventsQuery, seenPropertiesQuery, type SeenProperty } from '@/api/catalogueQueries'

export type SeenField = Pick<SeenProperty, 'path' | 'of' | 'types'>

export interface Seen {
  events: () => Promise<string[]>
  fields: () => Promise<SeenField[]>
}

/** Asked when they are needed for the first time; without an answer nothing is offered. */
export function seenBy(client: QueryClient): Seen {
  return {
    events: () =>
      client.ensureQueryData(seenEventsQuery).then(
        ({ events }) => events.map(({ name }) => name),
        () => [],
      ),
    fields: () =>
      client.ensureQueryData(seenPropertiesQuery(undefined)).then(
        ({ properties }) => properties,
        () => [],
      ),
  }
}
