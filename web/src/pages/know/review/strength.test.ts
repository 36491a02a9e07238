import { expect, test } from 'vitest'
import {
  bitsWords,
  frequencyWords,
  oddsWords,
  outOf,
  percent,
  priorWords,
  standWords,
  strengthWords,
} from './strength'
import { waterfallOf } from './waterfall'

test('evidence is told in plain words, the stronger the more bits', () => {
  expect(strengthWords(14.4)).toBe('speaks very strongly for one person')
  expect(strengthWords(-2.3)).toBe('speaks clearly against it')
  expect(strengthWords(0.6)).toBe('speaks a little for one person')
  expect(strengthWords(-0.1)).toBe('says nothing either way')
})

test('bits and odds stand beside them', () => {
  expect(bitsWords(-2.3)).toBe('−2.3 bits')
  expect(oddsWords(3)).toBe('8 times likelier if they are one person')
  expect(oddsWords(-2)).toBe('4 times likelier if they are two people')
  expect(oddsWords(0)).toBe('as likely for one person as for two')
  expect(oddsWords(60)).toBe('more than a billion times likelier if they are one person')
  expect(standWords(-18.2)).toBe('odds of 1 to 301,000')
  expect(standWords(1)).toBe('odds of 2 to 1')
  expect(priorWords(-18.2)).toBe('about one pair in 301,000')
})

test('a probability is never rounded to certainty', () => {
  expect(percent(0.99)).toBe('99.0 %')
  expect(percent(0.9996)).toBe('over 99.9 %')
  expect(percent(0.0002)).toBe('under 0.1 %')
  expect(percent(0.524)).toBe('52 %')
  expect(outOf(0.91)).toBe('of 100 such pairs about 91 are one person')
  expect(frequencyWords(0.92)).toBe('92 of 100')
  expect(frequencyWords(1 / 18_000)).toBe('1 of 18,000')
})

test('the bars of a waterfall follow one another from even odds to the sum', () => {
  const { bars, total, zero } = waterfallOf([{ bits: -10 }, { bits: 15 }, { bits: 5 }])
  expect(zero).toBe(0.5)
  expect(bars).toEqual([
    { from: 0.5, to: 0 },
    { from: 0, to: 0.75 },
    { from: 0.75, to: 1 },
  ])
  expect(total).toEqual({ from: 0.5, to: 1 })
})
