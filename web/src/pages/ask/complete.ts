// Is what somebody sent a question, and what goes without saying in it?
import type { EventTest, Insight, Selection, WholeQuestion } from '@/api/insightTypes'
import { startOf } from './starts'

type Loose = Record<string, unknown>

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Which fields are selections of events, which are numbers, which cannot be left out. */
const shapes: Record<Insight, { selections: string[]; numbers: string[]; needed: string[] }> = {
  trend: { selections: [], numbers: [], needed: ['grain', 'series'] },
  funnel: { selections: [], numbers: ['within'], needed: [] },
  retention: { selections: ['begin', 'back'], numbers: ['n_spans'], needed: ['grain'] },
  paths: { selections: ['among'], numbers: ['depth', 'n_shown'], needed: ['anchor'] },
  visits: { selections: ['activity'], numbers: ['n_groups'], needed: [] },
  lifecycle: { selections: ['events'], numbers: [], needed: ['grain'] },
  stickiness: { selections: ['events'], numbers: [], needed: ['grain'] },
  rfm: { selections: ['events'], numbers: [], needed: [] },
  'last-touch': {
    selections: ['outcome', 'touch'],
    numbers: ['within', 'n_groups'],
    needed: ['outcome', 'label'],
  },
}

/** The question with all its fields, or null where it is none. The engine checks the rest. */
export function completed(insight: Insight, given: unknown, zone: string): WholeQuestion | null {
  if (!isObject(given) || !isObject(given.period)) return null
  const { selections, numbers, needed } = shapes[insight]
  if (needed.some((field) => given[field] === undefined)) return null
  if (numbers.some((field) => given[field] !== undefined && typeof given[field] !== 'number')) {
    return null
  }
  const question: Loose = {
    ...neutral(insight, zone),
    ...given,
    clock: clockOf(given.clock, zone),
    who: list(given.who).filter((one) => isObject(one) && typeof one.trait === 'string'),
    ...Object.fromEntries(selections.map((field) => [field, selectionOf(given[field])])),
    ...inner(insight, given),
  }
  if (insight === 'trend' && list(question.series).length === 0) return null
  return { insight, question } as unknown as WholeQuestion
}

/** What the API takes where nothing is said: the first question, with its choices taken back. */
function neutral(insight: Insight, zone: string): Loose {
  const { question } = startOf(insight, zone)
  const chosen = ['by', 'grain', 'gap', 'collapse']
  return Object.fromEntries(
    Object.entries(question).map(([key, value]) =>
      chosen.includes(key) ? [key, key === 'collapse' ? false : null] : [key, value],
    ),
  )
}

/** Selections that stand inside of lists and objects. */
function inner(insight: Insight, given: Loose): Loose {
  if (insight === 'trend') {
    const series = list(given.series).filter(isObject)
    return {
      series: series.map((one) => ({
        measure: { is: 'events' },
        ...one,
        events: selectionOf(one.events),
      })),
    }
  }
  if (insight === 'funnel') return { steps: list(given.steps).map(selectionOf) }
  if (insight === 'paths' && isObject(given.anchor) && given.anchor.is !== 'sessions') {
    return { anchor: { ...given.anchor, events: selectionOf(given.anchor.events) } }
  }
  return {}
}

function clockOf(given: unknown, zone: string) {
  return { time_zone: zone, weeks_begin_on_sunday: false, ...(isObject(given) ? given : {}) }
}

export function selectionOf(given: unknown): Selection {
  const { events, tests } = isObject(given) ? given : {}
  return {
    events: list(events).filter((name) => typeof name === 'string'),
    tests: list(tests)
      .filter(isObject)
      .map((test) => ({ view: 'whole', ...test }) as EventTest),
  }
}
