// Which fields are offered where one chooses groups, tests and numbers?
import type { SeenProperty } from '@/api/catalogueQueries'
import type { EventField, GroupBy } from '@/api/insightTypes'
import { fieldWords, percent } from '@/kit/chart/words'

interface Offer {
  by: GroupBy
  label: string
  group: string
  note?: string
}

export const keyOf = (by: GroupBy | EventField) => JSON.stringify(sorted(by))

const sorted = (by: object) =>
  Object.entries(by)
    .filter(([key, value]) => !(key === 'view' && value === 'whole'))
    .sort(([a], [b]) => a.localeCompare(b))

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** How the visit came about in which the event stands. */
export const channelOffer: Offer = {
  by: { of: 'channel' },
  label: 'Channel of the visit',
  group: 'Asked most',
}

/** What most people ask first, as far as it was seen at all. */
const usualPaths = [
  'campaign.medium',
  'campaign.source',
  'campaign.name',
  'rapport.agent.device',
  'page.path',
  'locale',
]

export function usual(seen: SeenProperty[]): Offer[] {
  const there = new Set(seen.filter(({ of }) => of === 'context').map(({ path }) => path))
  return usualPaths
    .filter((path) => there.has(path))
    .map((path) => {
      const by: GroupBy = { of: 'context', path, view: 'whole' }
      return { by, label: capital(fieldWords(by)), group: 'Asked most' }
    })
}

const typeWords: Record<SeenProperty['types'][number], string> = {
  string: 'text',
  number: 'number',
  boolean: 'yes or no',
  datetime: 'time',
  object: 'object',
  array: 'list',
  null: 'nothing',
}

/** Every field that was seen and holds single values; those with a name of their own come first. */
export function propertyOptions(seen: SeenProperty[]): Offer[] {
  const offer = ({ of, path, share, types }: SeenProperty): Offer => ({
    by: { of, path, view: 'whole' },
    label: of === 'property' ? path : fieldWords({ of, path }),
    group: of === 'property' ? 'What the event says' : 'Around the event',
    note: `${types.map((type) => typeWords[type]).join(', ')} · ${percent(share)}`,
  })
  const single = seen.filter(({ types }) =>
    types.some((type) => type !== 'array' && type !== 'object'),
  )
  const own = single.filter(({ of }) => of === 'property').map(offer)
  const around = single
    .filter(({ of, path }) => of === 'context' && !usualPaths.includes(path))
    .map(offer)
  return [...own, ...around]
}

/** The fields in which a number was seen. */
export function numberFields(seen: SeenProperty[]): SeenProperty[] {
  return seen.filter(({ types }) => types.includes('number'))
}
