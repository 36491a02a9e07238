// Which segments does the mock's house have, who is in them, and how are they changed?
import { DAY } from './customers.mjs'
import { read, refused, usesOf } from './definitions.mjs'
import { counted, estimated, holds } from './segmentAnswers.mjs'
import { peopleOf } from './segmentPeople.mjs'

const iso = (ms) => new Date(ms).toISOString()
const refusal = (status, kind, message, more = {}) => [
  status,
  { error: { kind, message, hint: null, field: null, ...more } },
]
const notFound = () => refusal(404, 'not_found', 'There is no such segment.')

const first = [
  [
    ...['lapsing-regulars', 'Lapsing regulars', 'Who to win back first.'],
    "times('Order Completed', ago => '180 days to 30 days') >= 3 and not did('Order Completed', last => '30 days')",
  ],
  [
    ...['keen-viewers', 'Keen viewers', ''],
    "same(product_id, times('Product Viewed', last => '7 days') >= 3)",
  ],
  ['eu-residents', 'EU residents', '', "own('country') in ('DE', 'FR', 'NL', 'PT', 'AT', 'SE')"],
  [
    ...['eu-with-e-mail', 'EU residents with e-mail consent', 'For the newsletter.'],
    "in_segment('eu-residents') and consents('marketing', 'email')",
  ],
  [
    'camera-no-doorbell',
    'Has a camera, no doorbell',
    '',
    "holding('Cameras', by => 'category') >= 1 and not holding('Doorbells', by => 'category') >= 1",
  ],
]

function segmentsOf(world, now) {
  world.segments ??= world.customers ? begun(now) : []
  return world.segments
}

function begun(now) {
  const all = []
  for (const [at, [key, name, note, formula]] of first.entries()) {
    const segment = { key, name, note, ...fresh(`g_000${at + 1}`, 'Ada Lindqvist', now - 40 * DAY) }
    take(segment, read({ formula }, all), now - 40 * DAY, 'Ada Lindqvist')
    all.push(segment)
  }
  const before = read(
    { formula: "times('Order Completed', ago => '365 days to 90 days') >= 3" },
    all,
  )
  const [lapsing] = all
  lapsing.versions.push({ ...lapsing.versions[0], ...before, changed_at: iso(now - 80 * DAY) })
  Object.assign(lapsing.versions[0], { version: 2, n_entered: 61, n_left: 18 })
  Object.assign(lapsing, { version: 2, revision: 2 })
  return all
}

const fresh = (id, owner, at) => ({
  ...{ id, owner, kind: 'rule', version: 0, revision: 0, versions: [] },
  ...{ is_archived: false, is_withheld: false, origin: { is: 'here' }, changed_at: iso(at) },
})

/** Another definition counts from now on. */
function take(segment, faces, at, by) {
  segment.version += 1
  segment.faces = faces
  segment.versions.unshift({
    ...{ version: segment.version, words: faces.words, formula: faces.formula },
    ...{ changed_at: iso(at), changed_by: by, served_at: iso(at), n_entered: 0, n_left: 0 },
  })
}

const find = (world, key, now) => segmentsOf(world, now).find((one) => one.key === key)

/** What the evaluator asks of other segments. */
function worldOf(world, now) {
  return {
    segmentHolds: (key, person, t) => {
      const other = find(world, key, now)
      if (!other || other.is_archived) return false
      return holds(other.faces.definition.who, person, t, worldOf(world, now))
    },
  }
}

const people = (world, now) => peopleOf(world.rows(now), now)
const countOf = (world, definition, now, t = now) =>
  counted(definition, people(world, now), t, worldOf(world, now))

const heads = 'id key name kind version owner changed_at is_archived is_withheld origin'.split(' ')
const headOf = (segment) => Object.fromEntries(heads.map((key) => [key, segment[key]]))

function lineOf(world, segment, now) {
  const { faces } = segment
  const all = people(world, now)
  const { members } = countOf(world, faces.definition, now)
  return {
    ...headOf(segment),
    ...{ words: faces.words, n: members.length, share: members.length / Math.max(1, all.length) },
    trend: Array.from({ length: 10 }, (_, i) => sizeAt(world, segment, now, 27 - 3 * i)),
    state: { is: 'live' },
  }
}

/** Sizes of the past, as of what is known now; kept, because they are asked for often. */
function sizeAt(world, segment, now, daysAgo) {
  segment.sizes ??= new Map()
  const key = `${segment.version} ${daysAgo}`
  if (!segment.sizes.has(key)) {
    const { who } = segment.faces.definition
    const t = now - daysAgo * DAY
    const inside = worldOf(world, now)
    const n = people(world, now).filter((person) => holds(who, person, t, inside)).length
    segment.sizes.set(key, n)
  }
  return segment.sizes.get(key)
}

function wholeOf(world, segment, now) {
  const { definition, formula, sql, uses } = segment.faces
  const { parts } = countOf(world, definition, now)
  const others = segmentsOf(world, now).filter(
    (one) => one.faces && usesOf(one.faces.definition.who).segments.includes(segment.key),
  )
  return {
    ...lineOf(world, segment, now),
    ...{ note: segment.note, revision: segment.revision, definition, formula, sql, parts, uses },
    used_by: {
      segments: others.map(({ key, name }) => ({ key, name })),
      ...{ computed: [], n_boards: 0, n_hooks: 0 },
    },
    ...{ n_left_out: 3, through: 'p_0451', freshness_at: iso(now) },
  }
}

function list({ world, query, now }) {
  const wanted = query.get('archived') === 'true'
  const items = segmentsOf(world, now)
    .filter(({ is_archived }) => is_archived === wanted)
    .map((segment) => lineOf(world, segment, now))
  return { items, next_cursor: null }
}

function create({ world, body, now }) {
  const key =
    body.key ??
    body.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replace(/-$/, '')
  if (find(world, key, now))
    return refusal(409, 'conflict', `There is a segment '${key}' already.`, { field: 'key' })
  try {
    const faces = read(body, segmentsOf(world, now))
    const id = `g_${String(segmentsOf(world, now).length + 1).padStart(4, '0')}`
    const segment = {
      key,
      name: body.name,
      note: body.note ?? '',
      ...fresh(id, world.user.name, now),
    }
    take(segment, faces, now, world.user.name)
    segment.revision = 1
    segmentsOf(world, now).push(segment)
    return [201, wholeOf(world, segment, now)]
  } catch (error) {
    return refused(error)
  }
}

function change({ world, args: [key], body, now }) {
  const segment = find(world, key, now)
  if (!segment) return notFound()
  if (segment.revision !== body.revision)
    return refusal(409, 'conflict', 'The segment was changed by somebody else meanwhile.', {
      hint: 'Read it again.',
    })
  const before = countOf(world, segment.faces.definition, now).members
  const faces = read(body, segmentsOf(world, now))
  const isNew = faces.formula !== segment.faces.formula
  if (isNew) {
    take(segment, faces, now, world.user.name)
    Object.assign(
      segment.versions[0],
      comings(before, countOf(world, faces.definition, now).members),
    )
  }
  Object.assign(segment, { name: body.name, note: body.note, revision: segment.revision + 1 })
  segment.changed_at = iso(now)
  segment.is_archived = false
  return wholeOf(world, segment, now)
}

function comings(before, after) {
  const [was, is] = [new Set(before), new Set(after)]
  return {
    n_entered: after.filter((person) => !was.has(person)).length,
    n_left: before.filter((person) => !is.has(person)).length,
  }
}

function preview({ world, body, now }) {
  try {
    const { definition } = read(body, segmentsOf(world, now))
    const all = people(world, now)
    const inside = worldOf(world, now)
    const begun = performance.now()
    if (body.rough) {
      const rough = estimated(definition, all, now, inside)
      return { ...rough, n_of: all.length, is_exact: false, took_ms: 1, against: null }
    }
    const { members, parts } = counted(definition, all, now, inside)
    const saved = body.against ? find(world, body.against, now) : null
    return {
      ...{ n: members.length, n_of: all.length, interval: null, is_exact: true, parts },
      took_ms: Math.max(1, Math.round(performance.now() - begun)),
      against: saved ? againstOf(world, saved, members, now) : null,
    }
  } catch (error) {
    return refused(error)
  }
}

function againstOf(world, saved, members, now) {
  const before = countOf(world, saved.faces.definition, now).members
  const { n_entered: n_enter, n_left: n_leave } = comings(before, members)
  return { n: before.length, n_enter, n_leave, n_stay: members.length - n_enter, dependents: [] }
}

function membersOf({ world, args: [key], query, now }) {
  const segment = find(world, key, now)
  if (!segment) return notFound()
  const { members } = countOf(world, segment.faces.definition, now)
  const from = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 50)
  const items = members.slice(from, from + limit).map(({ row, draw }) => ({
    ...row,
    since: iso(now - Math.round(draw * 40 * DAY)),
  }))
  const next = from + limit < members.length ? String(from + limit) : null
  return { items, next_cursor: next, total: members.length }
}

function sizesOf({ world, args: [key], query, now }) {
  const segment = find(world, key, now)
  if (!segment) return notFound()
  const n = Math.min(90, Number(query.get('n') ?? 90))
  const sizes = Array.from({ length: n }, (_, i) => sizeAt(world, segment, now, n - 1 - i))
  return {
    items: sizes.map((size, i) => {
      const by = i === 0 ? 0 : size - sizes[i - 1]
      const at = iso(now - (n - 1 - i) * DAY)
      return { at, n: size, n_entered: Math.max(0, by) + 2, n_left: Math.max(0, -by) + 2 }
    }),
    notes: segment.versions
      .filter(({ changed_at }) => Date.parse(changed_at) > now - n * DAY)
      .map(({ version, changed_at }) => ({ version, at: changed_at })),
  }
}

function archive({ world, args: [key], query, now }) {
  const segment = find(world, key, now)
  if (!segment) return notFound()
  const { segments } = wholeOf(world, segment, now).used_by
  if (segments.length > 0)
    return refusal(409, 'conflict', `“${segments[0].name}” looks at this segment.`, {
      hint: 'Change that one first.',
    })
  if (String(segment.revision) !== query.get('revision'))
    return refusal(409, 'conflict', 'The segment was changed by somebody else meanwhile.')
  segment.is_archived = true
  segment.revision += 1
  return wholeOf(world, segment, now)
}

export const segmentRoutes = [
  ['GET /api/segments', list],
  ['POST /api/segments', create],
  ['POST /api/segments/preview', preview],
  [
    'POST /api/definitions/read',
    ({ world, body, now }) => {
      try {
        return read(body, segmentsOf(world, now))
      } catch (error) {
        return refused(error)
      }
    },
  ],
  [
    'GET /api/segments/*',
    ({ world, args: [key], now }) => {
      const segment = find(world, key, now)
      return segment ? wholeOf(world, segment, now) : notFound()
    },
  ],
  ['PUT /api/segments/*', change],
  ['DELETE /api/segments/*', archive],
  [
    'POST /api/segments/*/restore',
    ({ world, args: [key], now }) => {
      const segment = find(world, key, now)
      if (!segment) return notFound()
      segment.is_archived = false
      segment.revision += 1
      return wholeOf(world, segment, now)
    },
  ],
  [
    'GET /api/segments/*/versions',
    ({ world, args: [key], now }) => {
      const segment = find(world, key, now)
      return segment ? { items: segment.versions } : notFound()
    },
  ],
  ['GET /api/segments/*/sizes', sizesOf],
  ['GET /api/segments/*/customers', membersOf],
]
