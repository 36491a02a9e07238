// Does a value pass a test in the mock: a text, a number, a date, a list, a version?
import { DAY } from './customers.mjs'

const unitMs = {
  ...{ minute: 60_000, hour: 3_600_000, day: DAY, week: 7 * DAY },
  ...{ month: 30.44 * DAY, quarter: 91.31 * DAY, year: 365.25 * DAY },
}

export function lengthMs(length) {
  const [n, unit] = length.split(' ')
  return Number(n) * (unitMs[unit.replace(/s$/, '')] ?? DAY)
}

/** When the calendar span began that is `back` spans before the one of t. (UTC is near enough.) */
export function calendarStart(grain, t, back) {
  const at = new Date(t)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
  if (grain === 'year') return Date.UTC(year - back, 0)
  if (grain === 'quarter') return Date.UTC(year, Math.floor(month / 3) * 3 - 3 * back)
  if (grain === 'month') return Date.UTC(year, month - back)
  const day = Math.floor(t / DAY) * DAY
  if (grain === 'week') return day - ((at.getUTCDay() + 6) % 7) * DAY - back * 7 * DAY
  return day - back * DAY
}

/** The value of a field; a dot looks inside. */
export function valueAt(event, { of, path }) {
  if (of === 'name') return event.name
  const inside = of === 'context' ? event.context : event.properties
  return path.split('.').reduce((value, key) => value?.[key], inside)
}

export function matches(event, { events, tests = [] }) {
  if (events.length > 0 && !events.includes(event.name)) return false
  return tests.every((test) => opHolds(test, valueAt(event, test.field)))
}

export function numberHolds(test, value) {
  switch (test.op) {
    case 'equal':
      return value === test.value
    case 'not_equal':
      return value !== test.value
    case 'less':
      return value < test.value
    case 'at_most':
      return value <= test.value
    case 'more':
      return value > test.value
    case 'at_least':
      return value >= test.value
    case 'between':
      return value >= test.low && value <= test.high
  }
}

/** What is absent fulfils "is not known" and "is not" alone. */
export function opHolds(test, value, t = Date.now()) {
  const { op } = test
  if (op === 'missing' || op === 'exists') return (value === undefined) === (op === 'missing')
  if (op === 'is_not') return value === undefined || !test.values.includes(String(value))
  if (value === undefined || value === null) return false
  const said = Array.isArray(value) ? JSON.stringify(value) : String(value)
  if (op in textTests) return textTests[op](said, test, value)
  if ('value' in test) return said !== '' && numberHolds(test, Number(said))
  return dateHolds(test, said, t)
}

const textTests = {
  is: (said, test) => test.values.includes(said),
  has: (_, test, value) =>
    Array.isArray(value) && test.values.some((one) => value.map(String).includes(one)),
  contains: (said, test) => said.includes(test.text),
  starts_with: (said, test) => said.startsWith(test.text),
  ends_with: (said, test) => said.endsWith(test.text),
  version: (said, test) =>
    numberHolds({ op: test.than, value: 0 }, versionOrder(said, test.version)),
}

function versionOrder(a, b) {
  const parts = (text) => text.replace(/^v/, '').split(/[.-]/).map(Number)
  const [left, right] = [parts(a), parts(b)]
  for (let i = 0; i < 3; i += 1) {
    const by = (left[i] || 0) - (right[i] || 0)
    if (by !== 0) return by
  }
  return 0
}

function dateHolds(test, said, t) {
  const at = Date.parse(said)
  if (Number.isNaN(at)) return false
  switch (test.op) {
    case 'in_last':
      return at <= t && at > t - lengthMs(test.length)
    case 'in_next':
      return at > t && at <= t + lengthMs(test.length)
    case 'more_than_ago':
      return at <= t - lengthMs(test.length)
    case 'more_than_ahead':
      return at > t + lengthMs(test.length)
    case 'before':
      return at < Date.parse(test.at)
    case 'after':
      return at >= Date.parse(test.at) + DAY
    case 'on':
      return said.slice(0, 10) === test.day
    default:
      return yearlyHolds(test, at, t)
  }
}

function yearlyHolds({ op, days }, at, t) {
  const sign = op === 'yearly_in_next' ? 1 : -1
  const ofYear = (moment) => new Date(moment).toISOString().slice(5, 10)
  const wanted = ofYear(at)
  return Array.from({ length: days + 1 }, (_, i) => ofYear(t + sign * i * DAY)).includes(wanted)
}
