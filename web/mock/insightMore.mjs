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

const isCompared = ({ compare }) => Boolean(compare) && compare !== 'none'

function retentionAnswer(question, now) {
  const { grain, n_spans, value, breakdown } = question
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
  const groupsOf = (shift) =>
    ['mobile', 'desktop'].map((name, at) =>
      of({ is: 'value', value: name }, 40 - at * 12 - shift, at + 3 + shift),
    )
  const numbers = (shift) => ({
    all: of({ is: 'all' }, 70 - shift, 2 + shift),
    groups: breakdown ? groupsOf(shift) : [],
  })
  return { columns, ...numbers(0), compared: isCompared(question) ? numbers(9) : null }
}

function pathsAnswer(question) {
  const now = pathsNumbers(question, 1)
  return { ...now, compared: isCompared(question) ? pathsNumbers(question, 0.9) : null }
}

function pathsNumbers({ depth }, size) {
  const names = ['Page Viewed', 'Product Viewed', 'Product Added', 'Cart Viewed', 'Order Completed']
  const step = (value) => ({ is: 'value', value })
  const levels = Array.from({ length: depth }, (_, level) => {
    const all = Math.round(1_000 * size)
    if (level === 0) return [{ step: step('Page Viewed'), n: all }]
    const left = Math.round(all * 0.8 ** (level - 1))
    const shares = [0.3 * size, 0.22, 0.12, 0.1, 0.06]
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
    n: Math.round((120 - at * 20) * size),
    share: 0.12 - at * 0.02 * size,
  }))
  return { n_paths: Math.round(1_000 * size), n_customers: 640, levels, links, top }
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
  const channels = ['organic search', 'email', 'paid search', 'referral', 'direct']
  const rows = (size) =>
    by
      ? channels.map((value, at) => ({
          group: { is: 'value', value },
          visits: visitsNumbers(Math.round((900 - at * 170) * size)),
        }))
      : []
  return {
    all: visitsNumbers(2_610),
    rows: rows(1),
    series,
    compared:
      compare && compare !== 'none' ? { all: visitsNumbers(2_411), rows: rows(0.9), series } : null,
  }
}

const byDevice = (breakdown, of) =>
  breakdown
    ? ['mobile', 'desktop'].map((value, at) => ({
        group: { is: 'value', value },
        ...of(0.6 - 0.3 * at),
      }))
    : []

function lifecycleAnswer(question, now) {
  const length = 12 * (lengths[question.grain] ?? DAY)
  const numbers = (size, until) => ({
    spans: livesOf(question.grain, size, until),
    groups: byDevice(question.breakdown, (share) => ({
      spans: livesOf(question.grain, size * share, until),
    })),
  })
  return {
    ...numbers(1, now),
    compared: isCompared(question) ? numbers(0.85, now - length) : null,
  }
}

function livesOf(grain, size, until) {
  return spansOf(grain, 12, until).map((span, at) => {
    const [n_new, n_returning, n_resurrecting, n_dormant] = [
      40 + ((at * 7) % 19),
      120 + ((at * 13) % 31),
      18 + ((at * 5) % 11),
      60 + ((at * 11) % 23),
    ].map((n) => Math.round(n * size))
    const n_active = n_new + n_returning + n_resurrecting
    const before = n_returning + n_dormant
    const kept = estimate(n_returning / before, before)
    return { ...span, n_active, n_new, n_returning, n_resurrecting, n_dormant, kept }
  })
}

function stickinessAnswer(question, now) {
  const { grain, breakdown } = question
  const length = 6 * (lengths[grain] ?? DAY)
  const numbers = (size, until) => ({
    ...habitsOf(grain, size, until),
    groups: byDevice(breakdown, (share) => habitsOf(grain, size * share, until)),
  })
  return {
    ...numbers(1, now),
    compared: isCompared(question) ? numbers(0.9, now - length) : null,
  }
}

function habitsOf(grain, size, until) {
  const most = grain === 'week' ? 7 : 30
  const n = Math.round(560 * size)
  const days = 1.5 + 0.6 * size
  return {
    spans: spansOf(grain, 6, until).map((span) => ({
      ...span,
      n_by_days: Array.from({ length: most }, (_, at) =>
        Math.round((210 * size) / (at + 1) ** 1.3),
      ),
      n_customers: n,
      mean_days: mean(days, n),
      share_of_days: estimate(days / most, n),
    })),
    days: spansOf('day', 40, until).map((span, at) => ({
      ...span,
      n_day: Math.round((90 + ((at * 17) % 41)) * size),
      n_week: Math.round((330 + ((at * 7) % 29)) * size),
      n_month: Math.round((700 + at) * size),
    })),
  }
}

function rfmAnswer(question) {
  const numbers = (n_customers, step) => ({
    ...rfmNumbers(question, n_customers, step),
    groups: question.breakdown
      ? ['pro', 'basic'].map((value, at) => ({
          group: { is: 'value', value },
          ...rfmNumbers(question, Math.round(n_customers / (at + 2)), step - 2 - at),
        }))
      : [],
  })
  return { ...numbers(812, 11), compared: isCompared(question) ? numbers(760, 9) : null }
}

function rfmNumbers({ money, edges }, n_customers, step) {
  const n = edges?.quantiles ?? 5
  const edgesOf = (size) => Array.from({ length: n - 1 }, (_, at) => (at + 1) * size)
  const scale =
    edges?.is === 'given'
      ? { monetary: [], ...edges, is: undefined }
      : { recency_days: edgesOf(21), frequency: edgesOf(2), monetary: money ? edgesOf(80) : [] }
  const scores = (cuts) => Array.from({ length: cuts.length + 1 }, (_, at) => at + 1)
  return {
    n_customers,
    scale,
    cells: scores(scale.recency_days).flatMap((recency) =>
      scores(scale.frequency).map((frequency) => {
        const count = (recency * step + frequency * 7) % 40
        const spent = money ? mean(frequency * 61, count) : null
        return { recency, frequency, n: count, n_by_monetary: [], money: spent }
      }),
    ),
  }
}

function lastTouchAnswer(question) {
  const now = touchesOf(question, 301, 30)
  return { ...now, compared: isCompared(question) ? touchesOf(question, 280, 22) : null }
}

function touchesOf({ value }, all, step) {
  const outcomes = (n) => ({ n, of_all: estimate(n / all, all), sum: value ? n * 118.4 : null })
  const rows = ['google', 'newsletter', 'instagram'].map((name, at) => ({
    group: { is: 'value', value: name },
    outcomes: outcomes(96 - at * step),
  }))
  return { n_outcomes: all, rows, untouched: outcomes(all - 288 + 3 * step) }
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
