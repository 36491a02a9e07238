// What would the other insights say: who comes back, which ways are taken, who came lately?
import { draws } from './random.mjs'

const DAY = 86_400_000
const lengths = { hour: 3_600_000, day: DAY, week: 7 * DAY, month: 30 * DAY, quarter: 91 * DAY }

const iso = (ms) => new Date(ms).toISOString()

export function estimate(value, n) {
  const off = 1.96 * Math.sqrt(Math.max(0, value * (1 - value)) / Math.max(1, n))
  return {
    value,
    n,
    low: Math.max(0, value - off),
    high: Math.min(1, value + off),
    not_estimable: null,
  }
}

const mean = (value, n) => ({ value, n, low: value * 0.9, high: value * 1.1, not_estimable: null })

/** The spans until now; the last one is going on. */
function spansOf(grain, n, now) {
  const length = lengths[grain] ?? DAY
  return Array.from({ length: n }, (_, at) => {
    const begin = now - (n - at - 0.4) * length
    return { begin: iso(begin), name: iso(begin).slice(0, 10), is_whole: at < n - 1 }
  })
}

function retentionAnswer({ grain, n_spans, value, breakdown }, now) {
  const columns = Array.from({ length: n_spans + 1 }, (_, at) => ({ first: at, last: at }))
  const of = (group, size, seed) => {
    const r = draws(seed)
    const cohorts = spansOf(grain, 9, now).map((span, at) => {
      const n = size + r.below(size)
      const cells = columns.map(({ first }) => {
        if (first > 8 - at) return null
        const back = first === 0 ? n : Math.round((n * (0.5 + 0.1 * r.next())) / (first + 0.6))
        const worth = { sum: back * 42, per_customer: mean((back * 42) / n, n), of_first: back / n }
        return {
          n: back,
          of_cohort: estimate(back / n, n),
          is_over: first < 8 - at,
          worth: value ? worth : null,
        }
      })
      return { ...span, n, cells }
    })
    const pooled = columns.map((_, column) => {
      const there = cohorts.filter(({ cells }) => cells[column]?.is_over)
      const n = there.reduce((sum, { cells }) => sum + cells[column].n, 0)
      const all = there.reduce((sum, cohort) => sum + cohort.n, 0)
      const none = { value: null, n: 0, low: null, high: null, not_estimable: 'no cohort yet' }
      return { n_cohorts: there.length, n, of_cohorts: all ? estimate(n / all, all) : none }
    })
    return { group, cohorts, pooled }
  }
  const groups = ['mobile', 'desktop'].map((name, at) =>
    of({ is: 'value', value: name }, 40 - at * 12, at + 3),
  )
  return { columns, all: of({ is: 'all' }, 70, 2), groups: breakdown ? groups : [] }
}

function pathsAnswer({ depth }) {
  const names = ['Page Viewed', 'Product Viewed', 'Product Added', 'Cart Viewed', 'Order Completed']
  const step = (value) => ({ is: 'value', value })
  const levels = Array.from({ length: depth }, (_, level) => {
    if (level === 0) return [{ step: step('Page Viewed'), n: 1_000 }]
    const left = Math.round(1_000 * 0.8 ** (level - 1))
    const shares = [0.3, 0.22, 0.12, 0.1, 0.06]
    const values = names.map((name, at) => ({ step: step(name), n: Math.round(left * shares[at]) }))
    const rest = left - values.reduce((sum, { n }) => sum + n, 0)
    return [
      ...values,
      { step: { is: 'other', n_values: 7 }, n: 0 },
      { step: { is: 'absent' }, n: 0 },
      { step: { is: 'end' }, n: rest },
    ]
  })
  const links = levels.slice(0, -1).flatMap((nodes, level) => {
    const begun = nodes.filter(({ step }) => step.is !== 'end')
    const all = begun.reduce((sum, { n }) => sum + n, 0)
    return nodes.flatMap((node, from) =>
      node.step.is === 'end'
        ? []
        : levels[level + 1].map(({ n }, to) => ({
            level,
            from,
            to,
            n: Math.round((n * node.n) / all),
          })),
    )
  })
  const top = names.slice(1).map((name, at) => ({
    steps: [step('Page Viewed'), step(name), { is: 'end' }],
    n: 120 - at * 20,
    share: 0.12 - at * 0.02,
  }))
  return { n_paths: 1_000, n_customers: 640, levels, links, top }
}

function visitsNumbers(n) {
  return {
    n_visits: n,
    n_visitors: Math.round(n * 0.7),
    n_events: n * 9,
    n_views: n * 4,
    bounce: estimate(0.41, n),
    views_per_visit: mean(4.2, n),
    duration_seconds: mean(214, n),
  }
}

function visitsAnswer({ by, compare, grain }, now) {
  const series = grain
    ? spansOf(grain, 30, now).map((span, at) => ({
        ...span,
        visits: visitsNumbers(80 + ((at * 17) % 43)),
      }))
    : []
  const channels = ['organic_search', 'email', 'paid_search', 'referral', 'direct']
  return {
    all: visitsNumbers(2_610),
    rows: by
      ? channels.map((value, at) => ({
          group: { is: 'value', value },
          visits: visitsNumbers(900 - at * 170),
        }))
      : [],
    series,
    compared: compare && compare !== 'none' ? { all: visitsNumbers(2_411), series } : null,
  }
}

function lifecycleAnswer({ grain }, now) {
  return {
    spans: spansOf(grain, 12, now).map((span, at) => {
      const [n_new, n_returning, n_resurrecting, n_dormant] = [
        40 + ((at * 7) % 19),
        120 + ((at * 13) % 31),
        18 + ((at * 5) % 11),
        60 + ((at * 11) % 23),
      ]
      const n_active = n_new + n_returning + n_resurrecting
      const before = n_returning + n_dormant
      const kept = estimate(n_returning / before, before)
      return { ...span, n_active, n_new, n_returning, n_resurrecting, n_dormant, kept }
    }),
  }
}

function stickinessAnswer({ grain }, now) {
  const most = grain === 'week' ? 7 : 30
  return {
    spans: spansOf(grain, 6, now).map((span) => ({
      ...span,
      n_by_days: Array.from({ length: most }, (_, at) => Math.round(210 / (at + 1) ** 1.3)),
      n_customers: 560,
      mean_days: mean(2.1, 560),
      share_of_days: estimate(2.1 / most, 560),
    })),
    days: spansOf('day', 40, now).map((span, at) => ({
      ...span,
      n_day: 90 + ((at * 17) % 41),
      n_week: 330 + ((at * 7) % 29),
      n_month: 700 + at,
    })),
  }
}

function rfmAnswer({ money, edges }) {
  const n = edges?.quantiles ?? 5
  const scores = Array.from({ length: n }, (_, at) => at + 1)
  const edgesOf = (size) => scores.slice(0, -1).map((score) => score * size)
  return {
    n_customers: 812,
    scale: { recency_days: edgesOf(21), frequency: edgesOf(2), monetary: money ? edgesOf(80) : [] },
    cells: scores.flatMap((recency) =>
      scores.map((frequency) => {
        const count = (recency * 11 + frequency * 7) % 40
        const spent = money ? mean(frequency * 61, count) : null
        return { recency, frequency, n: count, n_by_monetary: [], money: spent }
      }),
    ),
  }
}

function lastTouchAnswer({ value }) {
  const all = 301
  const outcomes = (n) => ({ n, of_all: estimate(n / all, all), sum: value ? n * 118.4 : null })
  const rows = ['google', 'newsletter', 'instagram'].map((name, at) => ({
    group: { is: 'value', value: name },
    outcomes: outcomes(96 - at * 30),
  }))
  return { n_outcomes: all, rows, untouched: outcomes(103) }
}

/** The answer of an insight, without what explains it. */
export const moreAnswers = {
  retention: retentionAnswer,
  paths: pathsAnswer,
  visits: visitsAnswer,
  lifecycle: lifecycleAnswer,
  stickiness: stickinessAnswer,
  rfm: rfmAnswer,
  'last-touch': lastTouchAnswer,
}
