// What is a metric to be, while somebody writes it?
import type { StoredQuestion } from '@/api/insightTypes'
import type { Metric, MetricChange, MetricDraft, MetricFrame } from '@/api/metricTypes'

export const emptyDraft = (owner: string): MetricDraft => ({
  name: '',
  note: '',
  unit: { is: 'events' },
  good: { is: 'up' },
  owner,
  definition: {
    is: 'trend',
    series: [{ events: { events: [], tests: [] }, measure: { is: 'events' } }],
    formula: null,
  },
})

export function draftOf({ name, note, unit, good, owner, definition }: MetricDraft): MetricDraft {
  return { name, note, unit, good, owner, definition }
}

/** What is sent to change a metric to `draft`. */
export const answerOf = (metric: Metric, draft: MetricDraft = metric): MetricChange => ({
  ...draftOf(draft),
  name: draft.name.trim(),
  note: draft.note.trim(),
  owner: draft.owner.trim(),
  revision: metric.revision,
})

/** Something else is measured or counted: that is a new version, with a line of its own. */
export function isNewVersion(before: MetricDraft, draft: MetricDraft): boolean {
  return (
    plain(before.definition) !== plain(draft.definition) || plain(before.unit) !== plain(draft.unit)
  )
}

export const isChanged = (before: MetricDraft, draft: MetricDraft): boolean =>
  plain(draftOf(before)) !== plain(draftOf(draft))

/** What is still missing, in words; null when it can be saved. */
export function missing({ name, owner, unit, good, definition }: MetricDraft): string | null {
  if (name.trim() === '') return 'A metric needs a name.'
  if (owner.trim() === '') return 'Somebody has to answer for it: name an owner.'
  if (unit.is === 'money' && !/^[A-Z]{3}$/.test(unit.currency))
    return 'A currency has three letters, such as EUR.'
  if (good.is === 'between' && good.low > good.high)
    return 'The lower end of what is good lies above the upper one.'
  if (definition.is === 'trend' && definition.series.length > 1 && !definition.formula?.trim())
    return 'Several numbers need a formula that makes them one.'
  return null
}

/** The definition as a question of its own, to be looked at before it is saved. */
export function previewOf(
  { definition }: Pick<MetricDraft, 'definition'>,
  frame: MetricFrame,
  zone: string,
): StoredQuestion | null {
  if (definition.is !== 'trend') return null
  const { period, grain } = frame
  return {
    insight: 'trend',
    question: {
      clock: { time_zone: zone, weeks_begin_on_sunday: false },
      period,
      grain,
      compare: null,
      breakdown: null,
      series: definition.series,
      formula: definition.formula?.trim() || null,
    },
  }
}

/** The same without what goes without saying, so that equal things read equal. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner === null || inner === 'whole') return undefined
    if (Array.isArray(inner)) return inner.length === 0 ? undefined : inner
    if (typeof inner !== 'object') return inner
    return Object.fromEntries(Object.entries(inner as object).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
