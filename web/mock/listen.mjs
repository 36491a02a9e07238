// Which sources, tracking plans and imports does the mock have?
import { DAY } from './customers.mjs'

const HOUR = 3_600_000
const iso = (ms) => new Date(ms).toISOString()

export function newSources(now) {
  const source = (id, name, kind, more) => ({
    id,
    name,
    kind,
    write_key: `wk_${id.slice(2)}_8Jq2vN5tXw7RkLmP`,
    enabled: true,
    store_ip: true,
    plan_mode: 'allow',
    has_plan: false,
    created_at: iso(now - 200 * DAY),
    last_event_at: iso(now - 20_000),
    n_24h: 18_342,
    n_refused_24h: 0,
    ...more,
  })
  return [
    source('s_0001', 'Web shop', 'browser', {
      plan_mode: 'flag',
      has_plan: true,
      n_refused_24h: 37,
    }),
    source('s_0002', 'Order system', 'server', {
      n_24h: 2_411,
      last_event_at: iso(now - 4 * 60_000),
    }),
    source('s_0003', 'Northlight app', 'mobile', { n_24h: 7_120, store_ip: false }),
    source('s_0004', 'Store tills', 'server', { n_24h: 0, last_event_at: iso(now - 9 * DAY) }),
    source('s_0005', 'Partner portal, the one with the very long and winding name', 'browser', {
      enabled: false,
      n_24h: 0,
      last_event_at: null,
    }),
  ]
}

export function newSource({ name, kind }, n, now) {
  const id = `s_${String(n + 1).padStart(4, '0')}`
  return {
    ...newSources(now)[3],
    id,
    name,
    kind,
    write_key: `wk_${id.slice(2)}_Zp4cHy8uQb1TfGdK`,
    created_at: iso(now),
    last_event_at: null,
  }
}

const property = (name, types, required, example) => ({ name, types, required, n: 9_120, example })

export const observed = {
  events: [
    {
      name: 'Product Viewed',
      kind: 'track',
      n: 91_204,
      properties: [
        property('product_id', ['string'], true, 'hub-2'),
        property('price', ['number'], true, 129),
        property('coupon', ['string', 'null'], false, 'SPRING10'),
      ],
    },
    {
      name: 'Order Completed',
      kind: 'track',
      n: 4_120,
      properties: [
        property('order_id', ['string'], true, 'NL-20000'),
        property('total', ['number'], true, 208),
        property('products', ['array'], true, null),
      ],
    },
    {
      name: 'Page Viewed',
      kind: 'page',
      n: 410_233,
      properties: [
        property('path', ['string'], true, '/hubs'),
        property('title', ['string'], false, 'Hubs'),
      ],
    },
  ],
}

export function planState(source, now) {
  const pinned = source.has_plan ? observed : null
  return {
    mode: source.plan_mode,
    pinned,
    pinned_at: pinned ? iso(now - 40 * DAY) : null,
    pinned_by: pinned ? 'Ada Lindqvist' : null,
    observed: source.last_event_at ? observed : { events: [] },
    violations: pinned
      ? [
          {
            event: 'Product Viewed',
            property: 'price',
            reason: 'wrong_type',
            message: 'price is a string ("129"), the plan expects a number',
            n: 212,
            last_at: iso(now - 6 * 60_000),
          },
          {
            event: 'Basket Shaken',
            property: null,
            reason: 'unknown_event',
            message: 'no event of this name is in the plan',
            n: 9,
            last_at: iso(now - 3 * HOUR),
          },
        ]
      : [],
  }
}

export function newImports(now) {
  const done = {
    id: 'im_0001',
    file_name: 'online_retail.csv',
    mapping_name: 'online-retail',
    state: 'done',
    n_rows_total: 541_909,
    n_rows_done: 541_909,
    resume_row: 541_909,
    n_events: 25_900,
    n_duplicates: 0,
    n_rejected: 1_454,
    started_at: iso(now - 3 * HOUR),
    finished_at: iso(now - 3 * HOUR + 96_000),
    message: null,
    bytes_total: 45_580_638,
    bytes_done: 45_580_638,
    upload_id: null,
    runs_here: false,
  }
  return [
    {
      ...done,
      id: 'im_0003',
      file_name: 'crm-contacts-2026-11.jsonl.zst',
      mapping_name: 'crm-contacts',
      state: 'running',
      n_rows_total: 88_000,
      n_rows_done: 31_400,
      resume_row: 31_400,
      n_events: 31_388,
      n_rejected: 12,
      started_at: iso(now - 40_000),
      finished_at: null,
      bytes_total: 9_100_000,
      bytes_done: 3_250_000,
    },
    {
      ...done,
      id: 'im_0002',
      file_name: 'newsletter.parquet',
      mapping_name: 'newsletter',
      state: 'failed',
      n_rows_done: 12_000,
      resume_row: 12_000,
      n_rows_total: 30_000,
      n_events: 12_000,
      n_rejected: 0,
      started_at: iso(now - 26 * HOUR),
      finished_at: iso(now - 26 * HOUR + 9_000),
      message:
        'The file ends in the middle of a row group; the rest of it is missing. Copy it again and run the same command: it goes on where it stopped.',
      bytes_total: 4_000_000,
      bytes_done: 1_600_000,
    },
    done,
  ]
}

export function rejects(query) {
  const from = Number(query.get('cursor') ?? 0)
  const items = Array.from({ length: 200 }, (_, i) => ({
    row: 1_400 + (from + i) * 311,
    column: i % 4 ? 'CustomerID' : 'InvoiceDate',
    reason: i % 4 ? 'the customer is missing' : '"31/02/2011 8:26" is not a date',
  }))
  return { items, next_cursor: from < 1_200 ? String(from + 200) : null }
}
