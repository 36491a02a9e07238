import { expect, test } from 'vitest'
import { isOwnPath } from '@/pages/auth/useEnter'
import { parseSearch, stringifySearch, textParams } from './search'

test('an address survives the way there and back', () => {
  const search = { q: 'zoë 🦊 & co', known: 'true', n: '007' }
  expect(parseSearch(stringifySearch(search))).toEqual(search)
})

test('what is not filled in is not in the address', () => {
  expect(stringifySearch({ q: '', sort: undefined, order: null })).toBe('')
})

test('only named parameters are taken', () => {
  expect(textParams('q')({ q: '1', evil: '2' })).toEqual({ q: '1' })
})

test.each([
  ['/know/customers?q=a', true],
  ['//elsewhere.example', false],
  ['/\\elsewhere.example', false],
  ['https://elsewhere.example', false],
  [undefined, false],
])('after signing in, nobody is sent to another site: %s', (next, own) => {
  expect(isOwnPath(next)).toBe(own)
})
