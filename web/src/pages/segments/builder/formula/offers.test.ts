// Are names offered where a name is typed, and left alone elsewhere?
import { expect, it } from 'vitest'
import { quotedBefore } from './offers'
import { rangeOf, replacedAt } from './place'

it.each([
  ["did('Ord", { of: 'event', typed: 'Ord' }],
  ["did('A') and not times('", { of: 'event', typed: '' }],
  ["did_in_order('A', 'B", { of: 'event', typed: 'B' }],
  ["not_followed('A', by => 'B", { of: 'event', typed: 'B' }],
  ["did('It''s", { of: 'event', typed: "It's" }],
  ["trait('pl", { of: 'trait', typed: 'pl' }],
  ["in_segment('eu", { of: 'segment', typed: 'eu' }],
  ["trait('plan') = 'pr", null],
  ["did('A', last => '30", null],
  ["did('A') and ", null],
])('%s', (before, quoted) => expect(quotedBefore(before)).toEqual(quoted))

it.each([
  ["in_segment('eu-resident') and x", 12, "'eu-resident'"],
  ["diid('A')", 1, 'diid'],
  ["did('A') and", 13, 'd'],
  ['', 1, ''],
])('%s: the word in column %i', (text, column, word) => {
  const { from, to } = rangeOf(text, { line: 1, column })
  expect(text.slice(from, to)).toBe(word)
})

it('puts a suggested word where the wrong one stands', () => {
  expect(replacedAt("diid('A')", { from: 0, to: 4 }, 'did')).toBe("did('A')")
  expect(replacedAt("in_segment('eu-resident')", { from: 11, to: 24 }, "eu's")).toBe(
    "in_segment('eu''s')",
  )
})
