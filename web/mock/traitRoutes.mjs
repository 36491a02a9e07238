// What does the mock answer about traits, consent, and what is agreed about them?
import { permissionOf } from './consents.mjs'
import { pageOf } from './identity.mjs'
import { iso } from './shop.mjs'
import { newTraitSettings, seenBy, traitHistory } from './traits.mjs'

const refusal = (status, kind, message, hint = null) => [
  status,
  { error: { kind, message, hint, field: null } },
]
const notFound = (what) => refusal(404, 'not_found', `There is no such ${what}.`)

export const traitRoutes = [
  ['GET /api/customers/*/traits', history],
  ['GET /api/customers/*/permission', permission],
  ['GET /api/settings/traits', ({ world }) => settings(world)],
  ['PUT /api/settings/traits', change],
]

/** A customer's page as whoever is signed in sees it. */
export function pageSeen(world, id, now) {
  return seenBy(pageOf(world, id, now), { ...settings(world), role: world.user.role })
}

function history({ world, args: [id], query, now }) {
  const page = pageSeen(world, id, now)
  return (page && traitHistory(page, query.get('name'))) ?? notFound('trait')
}

function permission({ world, args: [id], query, now }) {
  const page = pageSeen(world, id, now)
  if (!page) return notFound('customer')
  return permissionOf(page, query.get('purpose'), query.get('channel') ?? 'all')
}

function settings(world) {
  world.traits ??= newTraitSettings()
  return world.traits
}

function change({ world, body, now }) {
  const before = settings(world)
  if (body.version !== before.version)
    return refusal(
      409,
      'conflict',
      'The settings of traits were changed by somebody else meanwhile.',
      'Read them again.',
    )
  const named = (id) =>
    world.sources.filter((s) => s.id === id).map(({ id, name }) => ({ id, name }))
  world.traits = {
    ...before,
    ...body,
    trusted_sources: body.trusted_sources.flatMap(named),
    verified_sources: body.verified_sources.flatMap(named),
    version: before.version + 1,
    changed_at: iso(now),
    changed_by: world.user.email,
  }
  return world.traits
}
