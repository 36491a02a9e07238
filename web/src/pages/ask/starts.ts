// With which question does each insight begin, and what is kept when one goes from one to another?
import type {
  Breakdown,
  Clock,
  Comparison,
  Grain,
  Insight,
  Period,
  Selection,
  StoredQuestion,
  TraitTest,
  WholeQuestion,
  WholeQuestionOf,
} from '@/api/insightTypes'
import { days, grainFor, presets, THIRTY_DAYS } from './periods'

export const anything: Selection = { events: [], tests: [] }
export const SEVEN_DAYS = 7 * 86_400
export const THIRTY_MINUTES = 1_800

/** What questions of different insights have in common. */
interface Common {
  who: TraitTest[]
  clock: Clock
  period: Period
  compare: Comparison | null
  breakdown: Breakdown | null
  events: Selection[]
}

const preset = (wanted: string) =>
  presets.find(({ label }) => label === wanted)?.period ?? THIRTY_DAYS

/** The time about which each is usually asked. */
const usualPeriod: Partial<Record<Insight, Period>> = {
  retention: preset('last 12 weeks'),
  lifecycle: preset('last 12 weeks'),
  stickiness: preset('last 12 weeks'),
  rfm: preset('last 12 months'),
  'last-touch': preset('last 90 days'),
}

type Makers = { [Name in Insight]: (common: Common) => Omit<WholeQuestionOf<Name>, 'who'> }

const makers: Makers = {
  trend: ({ clock, period, compare, breakdown, events }) => {
    const series = events.slice(0, 8).map((one) => ({
      events: one,
      measure: { is: 'customers' as const },
    }))
    const any = { events: anything, measure: { is: 'events' as const } }
    return {
      ...{ clock, period, compare, breakdown, grain: grainFor(period), formula: null },
      series: series.length > 0 ? series : [any],
    }
  },
  funnel: ({ clock, period, compare, breakdown, events }) => ({
    ...{ clock, period, compare, breakdown, within: SEVEN_DAYS, exclusions: [], held: [] },
    ...{ steps: events, order: null, among: null, at: null },
  }),
  retention: ({ clock, period, compare, breakdown, events }) => {
    const grain = cohortGrain(period)
    return {
      ...{ clock, period, compare, breakdown, grain, n_spans: spansFor[grain] ?? 8 },
      begin: events[0] ?? anything,
      back: events.at(-1) ?? anything,
      cohort: 'first',
      counting: { is: 'on' },
      spans_from: 'calendar',
      value: null,
    }
  },
  paths: ({ clock, period, compare, events }) => ({
    ...{ clock, period, compare, which: 'every', among: anything, label: null, collapse: true },
    anchor: events[0] ? { is: 'from', events: events[0] } : { is: 'sessions' },
    gap: THIRTY_MINUTES,
    within: null,
    depth: 5,
    n_shown: 6,
  }),
  visits: ({ clock, period, compare }) => ({
    ...{ clock, period, compare, activity: anything, views: null, gap: null, bounce: null },
    is_cut_at_midnight: false,
    by: { of: 'channel' },
    n_groups: 10,
    grain: grainFor(period),
    own_hosts: [],
  }),
  lifecycle: ({ clock, period, compare, breakdown, events }) => ({
    ...{
      clock,
      period,
      compare,
      breakdown,
      grain: grainFor(period),
      events: events.at(-1) ?? anything,
    },
  }),
  stickiness: ({ clock, period, compare, breakdown, events }) => ({
    ...{ clock, period, compare, breakdown, events: events.at(-1) ?? anything },
    grain: days(period) > 120 ? 'month' : 'week',
  }),
  rfm: ({ clock, period, compare, breakdown, events }) => ({
    ...{ clock, period, compare, events: events.at(-1) ?? anything, money: null },
    edges: { is: 'quantiles', quantiles: 5 },
    breakdown: breakdown?.by.of === 'trait' ? breakdown : null,
  }),
  'last-touch': ({ clock, period, compare, events }) => ({
    ...{ clock, period, compare, within: 30 * 86_400, value: null, n_groups: 10 },
    outcome: events.at(-1) ?? anything,
    touch: {
      events: [],
      tests: [{ field: { of: 'context', path: 'campaign.source' }, view: 'whole', op: 'exists' }],
    },
    label: { field: { of: 'context', path: 'campaign.source' }, view: 'whole' },
  }),
}

const spansFor: Partial<Record<Grain, number>> = { day: 14, week: 8, month: 12, quarter: 8 }

/** Cohorts gather for a day, a week or a month. */
function cohortGrain(period: Period): Grain {
  const n = days(period)
  if (n <= 21) return 'day'
  return n <= 200 ? 'week' : 'month'
}

export function startOf(insight: Insight, zone: string): WholeQuestion {
  const clock = { time_zone: zone, weeks_begin_on_sunday: false }
  const period = usualPeriod[insight] ?? THIRTY_DAYS
  return made(insight, { clock, period, compare: null, breakdown: null, events: [], who: [] })
}

/** The insights whose events can be told apart by the channel of their visit. */
const byChannel: Insight[] = ['trend', 'funnel']

function made(insight: Insight, common: Common): WholeQuestion {
  const { breakdown, who } = common
  const isChannel = breakdown?.by.of === 'channel'
  const known = isChannel && !byChannel.includes(insight) ? null : breakdown
  const question = { ...makers[insight]({ ...common, breakdown: known }), who }
  return { insight, question } as WholeQuestion
}

/** The other insight, asked of the same events, time and groups as far as it knows them. */
export function turnedInto(insight: Insight, from: WholeQuestion): WholeQuestion {
  if (from.insight === insight) return from
  const { question } = from
  const zone = question.clock?.time_zone ?? 'UTC'
  const isUntouched = JSON.stringify(question.period) === JSON.stringify(usualOf(from.insight))
  return made(insight, {
    clock: question.clock ?? { time_zone: zone, weeks_begin_on_sunday: false },
    period: isUntouched ? usualOf(insight) : question.period,
    who: question.who,
    compare: ('compare' in question ? question.compare : null) ?? null,
    breakdown: ('breakdown' in question ? question.breakdown : null) ?? null,
    events: eventsOf(from),
  })
}

const usualOf = (insight: Insight): Period => usualPeriod[insight] ?? THIRTY_DAYS

/** The events that a question names, each once. */
function eventsOf(stored: WholeQuestion): Selection[] {
  const seen = new Set<string>()
  return namedIn(stored).filter((one) => {
    const key = JSON.stringify(one)
    if (one.events.length === 0 || seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function namedIn({ insight, question }: WholeQuestion): Selection[] {
  switch (insight) {
    case 'trend':
      return question.series.map((series) => series.events)
    case 'funnel':
      return question.steps
    case 'retention':
      return [question.begin, question.back]
    case 'paths':
      return question.anchor.is === 'sessions' ? [] : [question.anchor.events]
    case 'visits':
      return [question.activity]
    case 'lifecycle':
    case 'stickiness':
    case 'rfm':
      return [question.events]
    case 'last-touch':
      return [question.outcome]
  }
}

/** What is still missing before it can be asked; null when nothing is. */
export function missing({ insight, question }: StoredQuestion): string | null {
  if (insight === 'last-touch' && question.outcome.events.length === 0) {
    return 'Choose which event is the outcome.'
  }
  if (insight !== 'funnel') return null
  if (question.steps.length === 0) return 'Choose what customers do first.'
  return question.steps.length === 1 ? 'Choose what they are to do next.' : null
}

/** The same question about another time, cut as that time needs it. */
export function askedAbout(stored: StoredQuestion, period: Period): StoredQuestion {
  const { insight, question } = stored
  const next = { ...question, period }
  const cut = insight === 'trend' || insight === 'visits' || insight === 'lifecycle'
  return { insight, question: cut ? { ...next, grain: grainFor(period) } : next } as StoredQuestion
}
