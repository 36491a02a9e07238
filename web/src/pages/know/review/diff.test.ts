import { expect, test } from 'vitest'
import { differenceOf, type Stretch } from './diff'

/** [so] differs, ^ is a gap. */
const shown = (stretches: Stretch[]) =>
  stretches
    .map(({ text, mark }) => (mark === 'gap' ? '^' : mark === 'differs' ? `[${text}]` : text))
    .join('')

const cases: [a: string, b: string, shownA: string, shownB: string, why: string][] = [
  ['thompson', 'tompson', 't[h]ompson', 't^ompson', 'a letter is missing'],
  ['John', 'Jonh', 'Jo[hn]', 'Jo[nh]', 'two neighbours changed places'],
  ['Meyer', 'Meier', 'Me[y]er', 'Me[i]er', 'a letter is another one'],
  ['ANNA', 'anna', 'ANNA', 'anna', 'case never counts'],
  ['Zoë', 'Zoe', 'Zoë', 'Zoe', 'accents never count'],
  ['+49 40 123-4567', '0049401234567', '+^49 40 123-4567', '[00]49401234567', 'signs never count'],
  ['1978-11-12', '12.11.1978', '[1978-11-12]', '[12.11.1978]', 'too much to mark one by one'],
  ['Ann', 'Paul', '[Ann]', '[Paul]', 'nothing in common'],
  ['', 'Paul', '', '[Paul]', 'an empty value'],
  ['Zoë 👩‍👩‍👧', 'Zoë 👩‍👩‍👦', 'Zoë [👩‍👩‍👧]', 'Zoë [👩‍👩‍👦]', 'an emoji is one character'],
  ['Ann-Marie', 'Ann Marie', 'Ann-Marie', 'Ann Marie', 'punctuation never counts'],
  ['Okafor', 'Okafor-Brandt', 'Okafor^', 'Okafor-[Brandt]', 'one is part of the other'],
  ['Main St 12', 'Main St 21', 'Main St [12]', 'Main St [21]', 'digits changed places'],
]

test.each(cases)('%s and %s: %s, %s (%s)', (a, b, shownA, shownB) => {
  const difference = differenceOf(a, b)
  expect([shown(difference.a), shown(difference.b)]).toEqual([shownA, shownB])
})

test('no character is lost or doubled, whatever is compared', () => {
  const texts = [
    '',
    'a',
    ' a b ',
    '…',
    'aab',
    'abab',
    'baab',
    'Ünal, Ayşe',
    '1/2/3',
    'x'.repeat(300),
  ]
  const whole = (stretches: Stretch[]) => stretches.map((one) => one.text).join('')
  for (const a of texts) {
    for (const b of texts) {
      const difference = differenceOf(a, b)
      expect([whole(difference.a), whole(difference.b)]).toEqual([a, b])
    }
  }
})

test('what is the same has no mark, and the two sides mirror each other', () => {
  const pairs = [
    ['kitten', 'sitting'],
    ['Northlight Ltd', 'Norhtlight Ltd.'],
  ] as const
  for (const [a, b] of pairs) {
    const there = differenceOf(a, b)
    const back = differenceOf(b, a)
    expect(there.a.filter((one) => one.mark === 'differs').length).toBeGreaterThan(0)
    expect(back.b.map((one) => one.text).join('')).toBe(a)
    expect(differenceOf(a, a).a).toEqual([{ text: a, mark: 'same' }])
  }
})
