// What would trends and funnels say, of a shop that the mock makes up?
import { moreAnswers } from './insightMore.mjs'
import { draws } from './random.mjs'

const iso = (ms) => new Date(ms).toISOString()
const DAY = 86_400_000
const lengths = {
  hour: 3_600_000,
  day: DAY,
  week: 7 * DAY,
  month: 30.44 * DAY,
  quarter: 91.3 * DAY,
  year: 365.25 * DAY,
}

/** A number that the same text always has: the same question gets the same answer. */
function seedOf(value) {
  let hash = 7
  for (const c of JSON.stringify(value)) hash = (Math.imul(hash, 31) + c.codePointAt(0)) >>> 0
  return hash
}

/** From when until when, in milliseconds. */
export function windowOf(period, now) {
  if (period.kind === 'between') {
    const until = Date.parse(period.last) + DAY
    return { from: Date.parse(period.first), until, length: until - Date.parse(period.first) }
  }
  const length = period.n * lengths[period.grain]
  const until = Math.floor(now / DAY) * DAY + (period.current ? DAY : 0)
  return { from: until - length, until, length }
}

export function explained(words, { clock, period }, now) {
  const { from, until } = windowOf(period, now)
  return {
    words,
    sql: `SELECT count(*)\nFROM events\nWHERE occurred_at >= '${iso(from)}' AND occurred_at < '${iso(until)}'`,
    answered_at: iso(now),
    clock: { time_zone: 'UTC', weeks_begin_on_sunday: false, ...clock },
    from: iso(from),
    until: iso(until),
    through: 'p_0451',
    n_events: 48_211,
    n_customers: 2_011,
    left_out: [],
  }
}

/** Some number of a size that goes with what is measured. */
const sizes = {
  events: 400,
  customers: 220,
  events_per_customer: 2.1,
  sum: 21_000,
  mean: 96,
  min: 4,
  max: 900,
  percentile: 61,
  sum_per_customer: 130,
}

/** Every visit has a channel; a property may not be given. */
const isChannel = ({ by }) => by.of === 'channel'
const namesOf = (breakdown) =>
  isChannel(breakdown) ? ['direct', 'organic search', 'email'] : ['email', 'organic', 'paid']
const without = (breakdown) => (isChannel(breakdown) ? [] : [{ is: 'absent' }])

export function trendAnswer(question, now) {
  const { series, formula, period, grain, compare, breakdown } = question
  const groups = breakdown
    ? [...namesOf(breakdown).map((value) => ({ is: 'value', value })), ...without(breakdown)]
    : [{ is: 'all' }]
  const { from, until } = windowOf(period, now)
  const measured = series.map((one, place) => ({
    place,
    size: sizes[one.measure.is] ?? 100,
    seed: seedOf(one),
  }))
  if (formula) measured.push({ place: null, size: 34, seed: seedOf(formula) })
  const lines = (start, end, shift) => {
    const spans = spansOf(start, end, grain, now)
    return {
      spans,
      lines: measured.flatMap(({ place, size, seed }) =>
        groups.map((_, group) =>
          lineOf(place, group, spans, size / (1 + group), seed + shift + group),
        ),
      ),
    }
  }
  const length = until - from
  return {
    groups,
    ...lines(from, until, 0),
    compared: compare && compare !== 'none' ? lines(from - length, until - length, 99) : null,
    explained: explained(wordsOf(question), question, now),
  }
}

const wordsOf = ({ series, formula, grain }) =>
  `${formula ?? series.map(({ events }) => (events.events ?? []).join(' or ') || 'any event').join(', ')}, by ${grain}`

function spansOf(from, until, grain, now) {
  const spans = []
  for (let at = from; at < until; at += lengths[grain]) {
    spans.push({
      begin: iso(at),
      name: iso(at).slice(0, grain === 'month' ? 7 : 10),
      is_whole: at + lengths[grain] <= Math.min(until, now),
    })
  }
  return spans
}

function lineOf(series, group, spans, size, seed) {
  const r = draws(seed)
  const isRatio = size < 100
  const points = spans.map((span, i) => {
    const share = 0.75 + 0.35 * Math.sin(i / 4 + seed) * r.next() + 0.3 * r.next()
    const value = isRatio ? Math.round(size * share * 100) / 100 : Math.round(size * share)
    return point(span.is_whole ? value : value * 0.4)
  })
  const sum = points.reduce((total, { value }) => total + value, 0)
  const whole = isRatio ? sum / Math.max(1, points.length) : sum
  return { series, group, unit: null, points, whole: point(whole) }
}

const point = (value) => ({
  value,
  n: Math.round(value),
  low: null,
  high: null,
  not_estimable: null,
})

export function funnelAnswer(question, now) {
  const seed = seedOf(question.steps)
  const { breakdown, compare } = question
  const of = (group, first, shift) => funnelOf(group, question.steps, first, draws(seed + shift))
  const isCompared = Boolean(compare) && compare !== 'none'
  return {
    all: of({ is: 'all' }, 1_840, 0),
    compared: isCompared ? of({ is: 'all' }, 1_710, 9) : null,
    compared_groups: isCompared && breakdown ? groupsOf(of, breakdown, 10) : [],
    groups: breakdown ? groupsOf(of, breakdown, 0) : [],
    explained: explained('customers who went from step to step', question, now),
  }
}

function groupsOf(of, breakdown, shift) {
  return [
    ...namesOf(breakdown).map((value, at) =>
      of({ is: 'value', value }, 420 - at * 110 + shift, at + 1 + shift),
    ),
    of({ is: 'other', n_values: 4 }, 96, 5 + shift),
    ...without(breakdown).map((group) => of(group, 614, 6 + shift)),
  ]
}

function funnelOf(group, wanted, first, r) {
  let n = first
  const steps = wanted.map((_, i) => {
    const previous = n
    if (i > 0) n = Math.round(n * (0.3 + 0.4 * r.next()))
    return {
      n,
      n_dropped: previous - n,
      of_first: shareOf(n, first),
      of_previous: shareOf(n, previous),
      took: i > 0 ? tookOf(n, 3_600 * (1 + r.below(60))) : null,
    }
  })
  return { group, steps, took: tookOf(n, 86_400 * (1 + r.next())) }
}

/** A share with an interval that is about right. */
function shareOf(part, whole) {
  const value = part / whole
  const off = 1.96 * Math.sqrt((value * (1 - value)) / whole)
  const low = Math.max(0, value - off)
  return { value, n: whole, low, high: Math.min(1, value + off), not_estimable: null }
}

const tookOf = (n, median_seconds) => ({
  n,
  mean_seconds: median_seconds * 1.4,
  quarter_seconds: median_seconds * 0.4,
  median_seconds,
  three_quarters_seconds: median_seconds * 2,
  bins: [],
})

const makers = {
  trend: trendAnswer,
  funnel: funnelAnswer,
  ...Object.fromEntries(
    Object.entries(moreAnswers).map(([insight, make]) => [
      insight,
      (question, now) => ({
        ...make(question, now),
        explained: explained(`what was asked of ${insight}`, question, now),
      }),
    ]),
  ),
}

/** The answer to a question as boards keep it. */
export function storedAnswer({ insight, question }, now) {
  return { insight, answer: makers[insight](question, now) }
}

export const insightRoutes = Object.entries(makers).map(([insight, make]) => [
  `POST /api/insights/${insight}`,
  ({ body, now }) => make(body, now),
])
