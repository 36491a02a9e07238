// What does the mock answer about duplicates: the queue, verdicts, searches, settings?
import { decisionRoutes } from './decisions.mjs'
import { foundInImport } from './linkageImport.mjs'
import { newPairs } from './linkagePairs.mjs'

const refusal = (status, kind, message, hint = null) => [
  status,
  { error: { kind, message, hint, field: null } },
]
const iso = (ms) => new Date(ms).toISOString()
const N_PAIRS = 120
const RUN_MS = 2_500
const phases = ['reading', 'learning', 'comparing', 'writing']

export const linkageRoutes = [
  ['GET /api/linkage', ({ world, now }) => status(world, now)],
  ['GET /api/linkage/settings', ({ world, now }) => linkageOf(world, now).settings],
  ['PUT /api/linkage/settings', changeSettings],
  ['GET /api/linkage/pairs', listPairs],
  ['GET /api/linkage/pairs/*', onePair],
  ['POST /api/linkage/verdicts', takeVerdicts],
  ['POST /api/linkage/verdicts/undo', undoVerdicts],
  ['GET /api/linkage/runs', ({ world, now }) => page(linkageOf(world, now).runs)],
  ['POST /api/linkage/runs', startRun],
  [
    'POST /api/linkage/runs/*/cancel',
    ({ world, now }) => endRun(linkageOf(world, now), now, 'cancelled'),
  ],
  ['POST /api/linkage/runs/*/undo', undoRun],
  ['GET /api/linkage/spread', ({ world, now }) => spread(linkageOf(world, now))],
  ['POST /api/uploads/*/duplicates', ({ world, now }) => foundInImport(linkageOf(world, now))],
]

const page = (items) => ({ items, next_cursor: null })

function linkageOf(world, now) {
  world.linkage ??= newLinkage(world, now)
  return world.linkage
}

function newLinkage(world, now) {
  const pairs = world.customers ? newPairs(world.n_pairs ?? N_PAIRS, world.customers, now) : []
  const first = {
    ...newRun('r_0001', now - 3_600_000, 'ada@northlight.example'),
    ...{ state: 'done', phase: null, progress: 1, finished_at: iso(now - 3_588_000) },
    ...{ n_records: world.customers, n_compared: 812_345, n_links: 118 },
    ...{ n_review: pairs.filter((pair) => pair.run_id).length, n_held_apart: 3 },
  }
  return {
    settings: newSettings(),
    pairs,
    runs: pairs.length > 0 ? [first] : [],
    running: null,
  }
}

function newSettings() {
  const field = (name, kind, ...traits) => ({ name, kind, traits })
  return {
    ...{ is_automatic: true, link_at: 0.9, review_at: 0.3 },
    ...{ records_max: 2_000_000, day_first: true },
    fields: [
      field('first name', 'given_name', 'firstName', 'first_name'),
      field('last name', 'family_name', 'lastName', 'last_name'),
      field('birthday', 'date', 'birthday'),
      field('e-mail', 'email', 'email'),
      field('phone', 'phone', 'phone'),
      field('street', 'street', 'address.street'),
      field('town', 'town', 'address.city'),
    ],
  }
}

function newRun(id, at, started_by) {
  return {
    ...{ id, state: 'running', phase: 'reading', progress: 0, started_at: iso(at), started_by },
    ...{ finished_at: null, n_records: 0, n_compared: 0, n_links: 0 },
    ...{ n_review: 0, n_held_apart: 0, n_withdrawn: 0, undone_at: null, undone_by: null },
    message: null,
  }
}

function status(world, now) {
  const linkage = linkageOf(world, now)
  advance(linkage, world, now)
  const n = (state) => linkage.pairs.filter((pair) => pair.state === state).length
  const n_verdicts = n('same') + n('different')
  return {
    settings: linkage.settings,
    model: linkage.runs.some((run) => run.state === 'done') ? modelOf(linkage, n_verdicts) : null,
    index: { state: 'ready', n_records: world.customers, n_bytes: 31_000_000, n_waiting: 0 },
    running: linkage.running,
    last_run: linkage.runs[0] ?? null,
    review: {
      n_open: n('open'),
      n_same: n('same'),
      n_different: n('different'),
      n_skipped: n('skipped'),
    },
  }
}

function modelOf({ settings, runs }, n_verdicts) {
  const weights = { given_name: [6.4, -4.6], family_name: [8.6, -3.4], date: [14.4, -5.2] }
  const run = runs.find((one) => one.state === 'done')
  return {
    ...{ learned_at: run.finished_at, run_id: run.id, n_records: run.n_records, n_verdicts },
    ...{ n_matches_est: 812, coverage: 0.998 },
    fields: settings.fields.map(({ name, kind }) => ({
      ...{ name, kind, is_used: kind !== 'street', note: kind === 'street' ? 'empty' : null },
      weight_same: weights[kind]?.[0] ?? 9.2,
      weight_different: weights[kind]?.[1] ?? -1.8,
    })),
    rules: [
      'same e-mail',
      'same last name and birthday',
      'same phone',
      'same postcode and first name',
    ],
  }
}

/** A search takes a moment, and finds what is open already and two links. */
function advance(linkage, world, now) {
  const { running } = linkage
  if (!running) return
  const progress = (now - Date.parse(running.started_at)) / RUN_MS
  running.progress = Math.min(0.99, progress)
  running.phase = phases[Math.min(3, Math.floor(progress * 4))]
  running.n_records = world.customers
  if (progress >= 1) endRun(linkage, now, 'done')
}

function endRun(linkage, now, state) {
  const { running } = linkage
  if (!running) return refusal(409, 'conflict', 'No search is at work.')
  const found = state === 'done' ? { n_links: 2, n_compared: 41_210 } : {}
  Object.assign(running, { state, phase: null, progress: 1, finished_at: iso(now), ...found })
  linkage.runs.unshift(running)
  linkage.running = null
  return running
}

function startRun({ world, now }) {
  const linkage = linkageOf(world, now)
  if (linkage.running) return refusal(409, 'conflict', 'A search is at work already.')
  const id = `r_${String(linkage.runs.length + 1).padStart(4, '0')}`
  linkage.running = newRun(id, now, world.user.email)
  return linkage.running
}

function undoRun({ world, args: [id], now }) {
  const linkage = linkageOf(world, now)
  const run = linkage.runs.find((one) => one.id === id)
  if (!run) return refusal(404, 'not_found', 'There is no such search.')
  if (run.undone_at) return refusal(409, 'conflict', 'This search was undone already.')
  linkage.pairs
    .filter((pair) => pair.run_id === id && pair.state === 'open')
    .forEach((pair) => (pair.state = 'gone'))
  return Object.assign(run, {
    ...{ n_withdrawn: run.n_links, undone_at: iso(now), undone_by: world.user.email },
  })
}

function changeSettings({ world, body, now }) {
  if (body.review_at > body.link_at)
    return refusal(400, 'invalid', 'It cannot ask only from above where it links by itself.')
  linkageOf(world, now).settings = body
  return body
}

const orders = {
  doubtful: (pair) => Math.abs(pair.probability - 0.5),
  likely: (pair) => -pair.probability,
  newest: (pair) => -Date.parse(pair.found_at),
}

function listPairs({ world, query, now }) {
  const { pairs } = linkageOf(world, now)
  const state = query.get('state') ?? 'open'
  const customer = query.get('customer')
  const key = orders[query.get('order') ?? 'doubtful']
  const all = pairs
    .filter((pair) => state === 'all' || pair.state === state)
    .filter((pair) => !query.get('run') || pair.run_id === query.get('run'))
    .filter(({ a, b }) => !customer || [a, b].some((side) => side.customer_id === customer))
    .sort((x, y) => key(x) - key(y) || (x.id < y.id ? -1 : 1))
  const after = query.get('cursor')
  const [value, id] = after ? JSON.parse(after) : [-Infinity, '']
  const isAfter = (pair) => key(pair) > value || (key(pair) === value && pair.id > id)
  const limit = Number(query.get('limit') ?? 50)
  const rest = all.filter(isAfter)
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  const next_cursor = rest.length > limit ? JSON.stringify([key(last), last.id]) : null
  return { items, next_cursor }
}

function onePair({ world, args: [id], now }) {
  const pair = linkageOf(world, now).pairs.find((one) => one.id === id)
  return pair ?? refusal(404, 'not_found', 'There is no such pair.')
}

const decisionRoute = (line) => decisionRoutes.find(([name]) => name === line)[1]
const states = { same: 'same', different: 'different', skip: 'skipped' }

function takeVerdicts({ world, body, now }) {
  if (world.failsVerdicts)
    return refusal(503, 'unavailable', 'The disk is full, so nothing can be written right now.')
  return {
    results: body.verdicts.map(({ pair_id, verdict }) => {
      const pair = linkageOf(world, now).pairs.find((one) => one.id === pair_id)
      if (!pair) return { pair_id, pair: null, problem: 'There is no such pair.' }
      const state = states[verdict]
      if (!['open', 'skipped'].includes(pair.state))
        return { pair_id, pair, problem: `it is no open question: ${pair.state}` }
      const decision = state === 'same' ? merged(world, pair, now) : null
      if (Array.isArray(decision)) return { pair_id, pair, problem: decision[1].error.message }
      const decided = { decided_at: iso(now), decided_by: world.user.email }
      Object.assign(pair, { state, ...decided, decision_id: decision?.id ?? null })
      return { pair_id, pair, problem: null }
    }),
  }
}

function merged(world, { a, b }, now) {
  const body = { merge: [a.customer_id, b.customer_id], reason: 'Reviewed as a pair' }
  return decisionRoute('POST /api/decisions')({ world, body, now })
}

function undoVerdicts({ world, body, now }) {
  return {
    results: body.pair_ids.map((pair_id) => {
      const pair = linkageOf(world, now).pairs.find((one) => one.id === pair_id)
      if (!pair) return { pair_id, pair: null, problem: 'There is no such pair.' }
      if (pair.decision_id)
        decisionRoute('POST /api/decisions/*/undo')({ world, args: [pair.decision_id], now })
      const undecided = { decided_at: null, decided_by: null, decision_id: null }
      return { pair_id, pair: Object.assign(pair, { state: 'open', ...undecided }), problem: null }
    }),
  }
}

/** Pairs of the last search by probability: many that are surely two, many that are surely one. */
function spread({ pairs, runs }) {
  if (runs.length === 0) return { floor: 0.3, bins: [] }
  const bins = Array.from({ length: 35 }, (_, i) => {
    const [from, to] = [0.3 + i * 0.02, 0.32 + i * 0.02]
    const n_open = pairs.filter(
      (p) => p.state === 'open' && p.probability >= from && p.probability < to,
    )
    return { from, to, n: Math.round(14 * (1 - from) + 900 * from ** 40), n_open: n_open.length }
  })
  return { floor: 0.3, bins }
}
