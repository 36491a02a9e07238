// What does a definition say while it is built, and what becomes of it when a word is changed?
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Definition, Node } from '@/api/definitionTypes'
import { renderInApp } from '@/testing/render'
import { DefinitionSentence } from './DefinitionSentence'
import {
  did,
  didNot,
  eventNamed,
  fact,
  holds,
  inOrder,
  inSegment,
  mayWrite,
  notFollowed,
  templates,
} from './starts'

const clock = { time_zone: 'UTC', weeks_begin_on_sunday: false }
const [order, cart] = [eventNamed('Order Completed'), eventNamed('Cart Viewed')]
const event = (name: string) => ({ name, n_events: 10, n_customers: 5, sources: [] })

const replies: Record<string, unknown> = {
  '/api/catalogue/events': { events: ['Order Completed', 'Signed Up'].map(event), total: 2 },
  '/api/catalogue/traits': { traits: [], total: 0 },
  '/api/segments': { items: [{ key: 'eu', name: 'EU residents', n: 5, is_archived: false }] },
}

beforeEach(() => {
  vi.stubGlobal('fetch', async (request: Request) => {
    const body = replies[new URL(request.url).pathname] ?? { properties: [], values: [] }
    return Response.json(body)
  })
})
afterEach(() => vi.unstubAllGlobals())

function shown(who: Node, parts = [{ path: 'who.of[0]', words: '', n: 1_204 }]) {
  const changes: Definition[] = []
  renderInApp(
    <DefinitionSentence
      value={{ clock, who }}
      onChange={(next) => changes.push(next)}
      parts={parts}
      isOld={false}
    />,
  )
  return changes
}

/** The lines as they are read, without what adds something. */
const lines = () =>
  [...document.querySelectorAll('[class*=says]')].map((line) =>
    (line.textContent ?? '')
      .replaceAll(/(where…|for the same…|without…|then…)/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )

test.each<[string, Node, string]>([
  ['did', did(order), 'have Order Completed at least once in the last 30 days'],
  ['not', didNot(order), 'do not have Order Completed even once in the last 30 days'],
  [
    'sum',
    {
      ...did(order),
      measure: { is: 'sum', of: { of: 'property', path: 'revenue' } },
      number: { op: 'more', value: 100 },
    },
    'have a sum of revenue of more than 100 in Order Completed in the last 30 days',
  ],
  [
    'since',
    {
      ...did(order, { is: 'ever' }),
      measure: { is: 'days_since_last' },
      number: { op: 'more', value: 14 },
    },
    'last had Order Completed more than 14 days ago at any time',
  ],
  [
    'trait',
    fact({ of: 'trait', name: 'plan' }, { op: 'is', values: ['pro'] }),
    'are customers whose plan is pro',
  ],
  [
    'not a trait',
    { is: 'none', of: [fact({ of: 'trait', name: 'plan' }, { op: 'is', values: ['pro'] })] },
    'are not customers whose plan is pro',
  ],
  ['may write', mayWrite(), 'may be written to by e-mail for marketing'],
  ['holds', holds('Cameras'), 'hold a product of category “Cameras”'],
  [
    'holds none',
    { is: 'none', of: [holds('Doorbells')] },
    'do not hold any product of category “Doorbells”',
  ],
  ['segment', inSegment('eu'), 'are in “EU residents”'],
  [
    'in order',
    inOrder([cart, order]),
    'have Cart Viewed , then Order Completed within 7 days, the first in the last 30 days,',
  ],
  [
    'not followed',
    notFollowed(cart, order),
    'have Cart Viewed in the last 7 days without Order Completed in the 2 hours after,',
  ],
  [
    'share',
    { is: 'share', salt: 'spring', from: 0, to: 0.1 },
    'are in a fixed random 10 % (spring)',
  ],
])('%s', async (_, node, words) => {
  shown({ is: 'all', of: [node] })
  await waitFor(() => expect(lines()[0]?.replace(' ,', ',')).toBe(words.replace(' ,', ',')))
})

test('groups stand inside of each other, with the word that joins them', () => {
  shown({ is: 'all', of: [did(order), { is: 'any', of: [didNot(cart), mayWrite()] }] })
  expect(screen.getByText('Customers who')).toBeDefined()
  expect(lines()).toEqual([
    'have Order Completed at least once in the last 30 days',
    'and at least one of these holds:',
    'do not have Cart Viewed even once in the last 30 days',
    'or may be written to by e-mail for marketing',
  ])
})

test('keen viewers: the conditions of one and the same product stand inside', () => {
  shown(templates.find(({ key }) => key === 'keen-viewers')!.who)
  expect(lines()).toEqual([
    'for one and the same product id:',
    'have Product Viewed at least 3 times in the last 2 days',
  ])
})

test('nobody is left out of a definition without conditions', () => {
  shown({ is: 'all', of: [] })
  expect(screen.getByText(/^Everybody\./)).toBeDefined()
})

test('each condition has its own size', () => {
  shown({ is: 'all', of: [did(order), mayWrite()] })
  const [first, second] = within(screen.getByRole('list', { name: 'Conditions' })).getAllByRole(
    'listitem',
  )
  expect(first?.textContent).toContain('1,204 fulfil this')
  expect(second?.textContent).not.toContain('fulfil')
})

test('a word is changed, and nothing else', async () => {
  const user = userEvent.setup()
  const changes = shown({ is: 'all', of: [did(order), mayWrite()] })
  await user.click(screen.getByRole('button', { name: /^in the last 30 days/ }))
  await user.click(screen.getByRole('button', { name: 'in the last 90 days' }))
  expect(changes).toEqual([
    {
      clock,
      who: { is: 'all', of: [did(order, { is: 'last', length: '90 days' }), mayWrite()] },
    },
  ])
})

test('an event that was seen is added as a condition', async () => {
  const user = userEvent.setup()
  const changes = shown(did(order))
  await user.click(screen.getByRole('button', { name: /^and… – Add a condition/ }))
  await user.click(await screen.findByRole('option', { name: /^Signed Up/ }))
  expect(changes.at(-1)?.who).toEqual({
    is: 'all',
    of: [did(order), did(eventNamed('Signed Up'))],
  })
})

test('“and” becomes “or” for the whole group', async () => {
  const user = userEvent.setup()
  const changes = shown({ is: 'all', of: [did(order), mayWrite()] })
  await user.click(screen.getByRole('button', { name: /^and – Change how these go together/ }))
  await user.click(screen.getByRole('button', { name: /^or: at least one/ }))
  expect(changes.at(-1)?.who).toEqual({ is: 'any', of: [did(order), mayWrite()] })
})
