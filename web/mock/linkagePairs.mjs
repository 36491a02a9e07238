// Which of the mock's customers may be one person, and what speaks for it?
import { allCustomers } from './customers.mjs'
import { draws } from './random.mjs'

const PRIOR = -18.2
const streets = 'Alte Gasse 4|Mill Lane 12|Rua do Sol 7|Kerkstraat 31|Storgatan 9|Oak Avenue 118'
const swap = (text, at) => text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
const drop = (text, at) => text.slice(0, at) + text.slice(at + 1)

/** How a value of each field may differ, in the engine's words, and what that weighs. */
const kinds = {
  given_name: [
    ['same', 6.4, (v) => v],
    ['a letter off', 4.9, (v, r) => swap(v, 1 + r.below(Math.max(1, v.length - 2)))],
    ['initial', 2.2, (v) => `${v[0]}.`],
    ['different', -4.6, () => 'Konstantin'],
  ],
  family_name: [
    ['same', 8.6, (v) => v],
    ['a letter off', 7.7, (v, r) => drop(v, 1 + r.below(Math.max(1, v.length - 2)))],
    ['part of the other', 5.1, (v) => `${v}-Brandt`],
    ['different', -3.4, () => 'Wieczorek'],
  ],
  date: [
    ['same', 14.4, (v) => v],
    ['day and month swapped', 11.8, (v) => v.replace(/-(\d\d)-(\d\d)$/, '-$2-$1')],
    ['a digit off', 8.9, (v) => v.replace(/\d$/, (d) => String((Number(d) + 1) % 10))],
    ['different', -5.2, () => '1949-08-30'],
  ],
  email: [
    ['same', 16.1, (v) => v],
    ['same name, other provider', 6.3, (v) => v.replace(/@.*/, '@mail.example')],
    ['different', -1.7, () => 'info@elsewhere.example'],
  ],
  phone: [
    ['same', 13.2, (v) => v],
    ['a digit off', 9.4, (v) => v.replace(/\d$/, (d) => String((Number(d) + 3) % 10))],
    ['different', -1.9, () => '+49 30 5550199'],
  ],
  street: [
    ['same', 9.8, (v) => v],
    ['similar', 3.3, (v) => v.replace(/\d+/, (n) => String(Number(n) + 2))],
    ['different', -2.1, () => 'Harbour Road 55'],
  ],
  town: [
    ['same', 3.6, (v) => v],
    ['different', -1.8, () => 'Elsewhere'],
  ],
}

const fieldNames = {
  given_name: 'first name',
  family_name: 'last name',
  date: 'birthday',
  email: 'e-mail',
  phone: 'phone',
  street: 'street',
  town: 'town',
}

/** `n` pairs of customers that nobody else is paired with, most of them in doubt. */
export function newPairs(n, n_customers, now) {
  const rows = allCustomers(n_customers, now).filter((row) => row.is_known)
  const most = Math.min(n, Math.floor(rows.length / 2))
  return Array.from({ length: most }, (_, i) => pairOf(i, rows[2 * i], rows[2 * i + 1], now))
}

function pairOf(i, a, b, now) {
  const r = draws(9_001 + i)
  const values = valuesOf(a, r)
  const evidence = evidenceOf(values, r)
  const names = (side) => [
    named(evidence, 'given_name', side),
    named(evidence, 'family_name', side),
  ]
  const found_at = new Date(now - 3_600_000 - i * 1_000).toISOString()
  return {
    id: `k_${String(i + 1).padStart(4, '0')}`,
    state: 'open',
    probability: evidence.probability,
    weight: evidence.total,
    found_at,
    found_by: i % 5 === 4 ? 'new_record' : 'run',
    run_id: i % 5 === 4 ? null : 'r_0001',
    held_apart: i % 9 === 8 ? 'two_user_ids' : null,
    a: sideOf(a, names('a').join(' '), evidence, 'a'),
    b: sideOf(b, names('b').join(' ').trim() || null, evidence, 'b'),
    evidence,
    ...{ decided_at: null, decided_by: null, decision_id: null },
  }
}

const named = ({ fields }, kind, side) => fields.find((f) => f.kind === kind)?.[side] ?? ''

function valuesOf(row, r) {
  const [given, ...family] = (row.name ?? 'Robin Thompson').split(' ')
  const month = String(1 + r.below(12)).padStart(2, '0')
  const email = row.email ?? `${given}.${family[0] ?? 'x'}@example.org`.toLowerCase()
  return {
    given_name: given,
    family_name: family.join(' ') || 'Thompson',
    date: `19${50 + r.below(50)}-${month}-${String(1 + r.below(28)).padStart(2, '0')}`,
    email,
    phone: row.phone ?? `+49 40 ${1_000_000 + r.below(8_999_999)}`,
    street: r.pick(streets.split('|')),
    town: row.city ?? 'Leeds',
  }
}

/** Draws levels until the two are neither surely one nor surely two. */
function evidenceOf(values, r) {
  for (;;) {
    const fields = Object.entries(values).map(([kind, value]) => fieldOf(kind, value, r))
    const of_household = r.chance(0.3) ? -0.8 * r.next() : 0
    const total = PRIOR + fields.reduce((sum, field) => sum + field.weight, 0) + of_household
    const probability = 1 / (1 + 2 ** -total)
    if (probability >= 0.3 && probability < 0.997) {
      return { prior: PRIOR, fields, of_household, total, probability }
    }
  }
}

function fieldOf(kind, value, r) {
  const about = { name: fieldNames[kind], kind, is_withheld: false }
  if (r.chance(0.28)) {
    const silent = { level: null, weight: 0, of_frequency: 0, of_dependence: 0, m: null, u: null }
    return { ...about, a: value, b: null, ...silent }
  }
  const level = Math.min(kinds[kind].length - 1, r.below(kinds[kind].length + 1))
  const [words, weight, make] = kinds[kind][level]
  const of_frequency = words === 'same' ? 3 * r.next() - 1.5 : 0
  const of_dependence = kind === 'town' && words === 'same' ? -1.2 : 0
  const whole = weight + of_frequency + of_dependence
  const m = words === 'same' ? 0.88 : 0.05
  return {
    ...{ ...about, a: value, b: make(value, r), level: words },
    ...{ weight: whole, of_frequency, of_dependence, m, u: m / 2 ** whole },
  }
}

function sideOf(row, name, evidence, side) {
  const email = named(evidence, 'email', side)
  const identifiers = [{ kind: 'user_id', value: `u-${row.id.slice(2)}` }]
  if (email) identifiers.push({ kind: 'email', value: email })
  const { id: customer_id, n_events, n_orders, first_seen, last_seen } = row
  return { customer_id, name, n_events, n_orders, first_seen, last_seen, identifiers }
}
