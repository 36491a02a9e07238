// What did people of the mock note beside days?
const DAY = 86_400_000
const iso = (ms) => new Date(ms).toISOString()
const refusal = (status, kind, message) => [
  status,
  { error: { kind, message, hint: null, field: null } },
]
const notFound = () => refusal(404, 'not_found', 'There is no such note.')

function notesOf(world, now = Date.now()) {
  const note = (id, daysAgo, text) => ({
    ...{ id, text, version: 1, day: iso(now - daysAgo * DAY).slice(0, 10) },
    owner: world.user.name,
    changed_at: iso(now - daysAgo * DAY),
    changed_by: world.user.name,
  })
  world.notes ??= world.customers
    ? [
        note('n_0001', 19, 'Price rise: hubs cost 10 euros more'),
        note('n_0002', 12, 'The shop was down from nine to noon'),
      ]
    : []
  return world.notes.sort((a, b) => (a.day < b.day ? -1 : 1))
}

function write({ world, body, now }) {
  const notes = notesOf(world)
  world.n_notes = (world.n_notes ?? 2) + 1
  const made = {
    ...{ id: `n_${String(world.n_notes).padStart(4, '0')}`, version: 1, ...body },
    ...{ owner: world.user.name, changed_at: iso(now), changed_by: world.user.name },
  }
  notes.push(made)
  return made
}

function change({ world, args: [id], body, now }) {
  const one = notesOf(world).find((note) => note.id === id)
  if (!one) return notFound()
  if (one.version !== body.version)
    return refusal(409, 'conflict', 'The note was changed by somebody else meanwhile.')
  const changed = { changed_at: iso(now), changed_by: world.user.name }
  return Object.assign(one, body, { version: one.version + 1, ...changed })
}

export const noteRoutes = [
  ['GET /api/notes', ({ world, now }) => ({ notes: notesOf(world, now) })],
  ['POST /api/notes', write],
  ['PUT /api/notes/*', change],
  [
    'DELETE /api/notes/*',
    ({ world, args: [id] }) => {
      if (!notesOf(world).some((note) => note.id === id)) return notFound()
      world.notes = notesOf(world).filter((note) => note.id !== id)
      return [204]
    },
  ],
]
