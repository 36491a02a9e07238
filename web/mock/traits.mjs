// What was said of the mock's customers, by whom, and what is agreed about it?
import { DAY } from './customers.mjs'
import { backend, iso, web } from './shop.mjs'

export const evidenceAt = (at, source, message_id) => ({ at: iso(at), source, message_id })

const words = {
  latest: 'What was said last counts, whoever said it.',
  most_trusted: 'What the most trusted source says counts, also where others said something later.',
  verified_first: 'What is verified counts; without, what was said last.',
  longest: 'The longest value counts, of those said since it was taken away.',
}

export function newTraitSettings() {
  return {
    version: 0,
    changed_at: null,
    changed_by: null,
    default_rule: 'latest',
    rules: {},
    trusted_sources: [],
    verified_sources: [],
    sensitive: [],
    rules_there_are: Object.entries(words).map(([rule, said]) => ({ rule, words: said })),
  }
}

/** Exact names only: enough for a stand-in. */
const isWithheld = (name, { sensitive, role }) =>
  role !== 'admin' && sensitive.some((one) => one.pattern === name && !one.roles.includes(role))

export function traitsOf(row, seen, under) {
  const values = {
    name: row.name,
    email: row.email,
    phone: row.phone,
    company: row.company,
    plan: row.is_known ? 'plus' : null,
    birthday: row.is_known ? '1988-04-12' : null,
    address: row.city ? { city: row.city, country: row.country, street: 'Lange Reihe 14' } : null,
    newsletter: true,
    household_size: 3,
  }
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value], i) => traitOf(name, value, i, { seen, under }))
}

function traitOf(name, value, i, { seen, under }) {
  const [source, other] = i % 2 ? [backend, web] : [web, backend]
  const others =
    name === 'plan'
      ? [{ value: 'basic', at: iso(seen - 90 * DAY), source: other, message_id: 'm_old' }]
      : []
  const before = others.length ? ` Before: ${other.name} said “basic”, 3 May 2026.` : ''
  return {
    name,
    value,
    withheld: false,
    at: iso(seen - i * 9 * DAY),
    since: iso(seen - (i + 3) * 9 * DAY),
    n: i + 1,
    source,
    message_id: `m_${i}`,
    came_under: under,
    rule: 'latest',
    why: `Latest: ${source.name}, 12 June 2026.${before}`,
    verified: name === 'email',
    others,
    n_others: others.length,
  }
}

/** The page as somebody with this role sees it, under the rules that are agreed. */
export function seenBy(page, settings) {
  const seen = (trait) => {
    const rule = settings.rules[trait.name] ?? settings.default_rule
    if (!isWithheld(trait.name, settings)) return { ...trait, rule }
    const why = trait.why.split(' Before: ')[0]
    return { ...trait, rule, why, value: null, withheld: true, others: [], n_others: 0 }
  }
  return page && { ...page, traits: page.traits.map(seen) }
}

export function traitHistory(page, name) {
  const trait = page.traits.find((one) => one.name === name)
  const taken = page.taken_away.find((one) => one.name === name)
  if (!trait && !taken) return null
  const entry = (value, evidence, more) => ({
    value,
    taken_away: false,
    first: evidence,
    last: evidence,
    n: 1,
    came_under: page.identifiers[0],
    once: false,
    verified: false,
    confirmed_at: null,
    counts: false,
    ...more,
  })
  const entries = trait
    ? [
        entry(trait.value, evidenceAt(Date.parse(trait.at), trait.source, trait.message_id), {
          first: evidenceAt(Date.parse(trait.since), trait.source, 'm_first'),
          n: trait.n,
          verified: trait.verified,
          counts: true,
        }),
        ...trait.others.map((other) =>
          entry(other.value, evidenceAt(Date.parse(other.at), other.source, other.message_id)),
        ),
      ]
    : [
        entry(null, taken.by, { taken_away: true, counts: true }),
        entry('Lexi', evidenceAt(Date.parse(taken.by.at) - 30 * DAY, web, 'm_lexi')),
      ]
  const rule = trait?.rule ?? 'latest'
  return {
    name,
    rule,
    rule_words: words[rule],
    withheld: trait?.withheld ?? false,
    entries,
    n_said: entries.reduce((sum, one) => sum + one.n, 0) + 2,
    n_fallen: 2,
  }
}
