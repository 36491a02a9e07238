// Which figures stand on the mock's home page?
import { draws } from './random.mjs'

const HOUR = 3_600_000
const iso = (ms) => new Date(ms).toISOString()

export function home(sources, n, now) {
  const r = draws(5)
  const hours = Array.from({ length: 168 }, (_, i) => {
    const at = new Date(now - (167 - i) * HOUR)
    at.setUTCMinutes(0, 0, 0)
    const day = 0.35 + 0.65 * Math.max(0, Math.sin(((at.getUTCHours() - 5) / 24) * Math.PI * 2))
    const accepted = n ? Math.round(day * (1300 + r.below(500)) * (i === 167 ? 0.4 : 1)) : 0
    return { hour: at.toISOString(), accepted, refused: n && r.chance(0.1) ? r.below(30) : 0 }
  })
  const sum = (list) => list.reduce((total, h) => total + h.accepted, 0)
  return {
    freshness_at: iso(now - 400),
    events: { last_24h: sum(hours.slice(-24)), last_7d: sum(hours), by_hour: hours },
    top_events: n
      ? [
          { name: 'Page Viewed', n: 98_211 },
          { name: 'Product Viewed', n: 31_034 },
          { name: 'Product Added', n: 8_120 },
          { name: 'Order Completed', n: 2_011 },
          { name: 'Email Opened', n: 1_204 },
        ]
      : [],
    customers: {
      known: Math.round(n * 0.62),
      anonymous: Math.round(n * 0.38),
      new_7d: Math.round(n * 0.021),
    },
    orders_7d: n
      ? {
          n: 2_011,
          revenue: [
            { minor: 48_211_940, currency: 'EUR' },
            { minor: 2_120_000, currency: 'SEK' },
          ],
        }
      : null,
    sources: sources.map(({ id, name, kind, last_event_at, n_24h }) => ({
      id,
      name,
      kind,
      last_event_at,
      n_24h,
    })),
    attention: n
      ? [
          {
            kind: 'refused_events',
            severity: 'warning',
            message:
              '37 events of Web shop were refused in the last 24 hours: userId and anonymousId are both missing.',
            count: 37,
            link: '/listen/debugger?source=s_0001&status=refused',
          },
          {
            kind: 'plan_violations',
            severity: 'info',
            message: '221 events of Web shop do not agree with its tracking plan.',
            count: 221,
            link: '/listen/sources/s_0001?tab=plan',
          },
          {
            kind: 'import_rejects',
            severity: 'info',
            message: '1,454 rows of online_retail.csv were not imported.',
            count: 1454,
            link: '/listen/imports/im_0001',
          },
        ]
      : sources.length
        ? []
        : [
            {
              kind: 'no_source',
              severity: 'info',
              message: 'No source has been created yet: nothing can come in.',
              count: null,
              link: '/listen/sources?new=1',
            },
          ],
    processor: { position: 'p_0451', head: 'p_0451', lag_events: 0, lag_seconds: 0 },
  }
}
