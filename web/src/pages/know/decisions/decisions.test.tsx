import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router'
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Customer, IdentityLink, Role } from '@/api/types'
import { renderInApp } from '@/testing/render'
import { Identifiers } from '../profile/Identifiers'
import { askToPart, type Ask } from './ask'
import { DecisionDialog } from './DecisionDialog'
import { Decisions } from './Decisions'

// jsdom scrolls nothing; the router does after every page.
beforeEach(() => void vi.spyOn(window, 'scrollTo').mockReturnValue())
afterEach(() => vi.unstubAllGlobals())

type Reply = [status: number, body: unknown]
interface Sent {
  to: string
  body: unknown
}

/** An engine that answers by "METHOD /path"; everything sent to it is kept. */
function engine(replies: Record<string, Reply | (() => Reply)>, role: Role = 'admin') {
  const sent: Sent[] = []
  const user = { id: 'u_1', name: 'Ada', email: 'ada@example.org', role }
  const all: Record<string, Reply | (() => Reply) | undefined> = {
    'GET /api/session': [200, { user, first_run: false, version: '0.1.0' }],
    ...replies,
  }
  vi.stubGlobal('fetch', async (request: Request) => {
    const to = `${request.method} ${new URL(request.url).pathname}`
    if (request.method !== 'GET') {
      const text = await request.clone().text()
      sent.push({ to, body: text ? JSON.parse(text) : null })
    }
    const found = all[to]
    const reply = typeof found === 'function' ? found() : found
    if (!reply) throw new Error(`nobody answers ${to}`)
    return new Response(JSON.stringify(reply[1]), { status: reply[0] })
  })
  return sent
}

const refused = (status: number, message: string): Reply => [
  status,
  { error: { kind: 'conflict', message, hint: null, field: null } },
]

function open(node: ReactNode) {
  const router = createRouter({
    routeTree: createRootRoute({ component: () => node }),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  // The types are those of the app's routes; this one has a single page.
  return renderInApp(<RouterProvider router={router as never} />)
}

const card = (id: string, name: string | null, values: string[], n_events: number) => ({
  id,
  name,
  identifiers: values.map((value) => ({ kind: 'anonymous_id', value })),
  n_events,
  n_orders: 1,
  first_seen: '2026-03-01T10:00:00Z',
  last_seen: '2026-11-01T10:00:00Z',
})

const parting = {
  before: [card('c_0011', 'Ann', ['b-1', 'b-2'], 14)],
  after: [card('c_0011', 'Ann', ['b-2'], 10), card('c_0022', null, ['b-1'], 4)],
  conflicts: [],
  is_without_effect: false,
}
const ends = { a: { kind: 'user_id', value: 'u-1' }, b: { kind: 'anonymous_id', value: 'b-1' } }
const decided = {
  id: 'p_0960',
  at: '2026-11-02T10:00:00Z',
  by: 'ada@example.org',
  reason: 'a colleague',
  kind: 'unmerge',
  n_changes: 1,
  links: [{ ...ends, rule: 'same_event', counts: false }],
  customers: [{ id: 'c_0011', canonical_id: 'c_0011', name: 'Ann' }],
  n_customers: 1,
  refusal: null,
  undoes: null,
  undone_by: null,
}

function Asking() {
  const [ask, setAsk] = useState<Ask | null>(() =>
    askToPart({ kind: 'anonymous_id', value: 'b-1' }, 'Ann'),
  )
  return <DecisionDialog ask={ask} page="c_0011" onClose={() => setAsk(null)} />
}

test('the effect is shown first, then it is decided with its reason, and can be undone', async () => {
  const sent = engine({
    'POST /api/decisions/preview': [200, parting],
    'POST /api/decisions': [200, decided],
    'POST /api/decisions/p_0960/undo': [200, { ...decided, id: 'p_0961', undoes: 'p_0960' }],
  })
  open(<Asking />)
  await screen.findByText('1 customer becomes two: 10 and 4 events.')
  const then = screen.getByRole('region', { name: 'Then' })
  expect(within(then).getAllByRole('article')).toHaveLength(2)
  expect(within(then).getByText('moves here').parentElement?.textContent).toContain('b-1')
  await userEvent.type(screen.getByRole('textbox', { name: 'Why' }), 'a colleague')
  await userEvent.click(screen.getByRole('button', { name: 'Part b-1 from Ann' }))
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }))
  await screen.findByText(/Taken back/)
  const wish = { part: [{ kind: 'anonymous_id', value: 'b-1' }] }
  expect(sent).toEqual([
    { to: 'POST /api/decisions/preview', body: wish },
    { to: 'POST /api/decisions', body: { ...wish, reason: 'a colleague' } },
    { to: 'POST /api/decisions/p_0960/undo', body: null },
  ])
})

test('a refusal is said in place, and the reason stays as typed', async () => {
  engine({
    'POST /api/decisions/preview': [200, parting],
    'POST /api/decisions': refused(409, 'they are one customer already'),
  })
  open(<Asking />)
  const why = await screen.findByRole('textbox', { name: 'Why' })
  await userEvent.type(why, 'so')
  await screen.findByText(/becomes two/)
  await userEvent.click(screen.getByRole('button', { name: 'Part b-1 from Ann' }))
  expect((await screen.findByRole('alert')).textContent).toContain('they are one customer already')
  expect((why as HTMLTextAreaElement).value).toBe('so')
})

test('what cannot be previewed cannot be confirmed', async () => {
  engine({ 'POST /api/decisions/preview': refused(409, 'nobody would be left') })
  open(<Asking />)
  await screen.findByText('nobody would be left')
  const confirm = screen.getByRole<HTMLButtonElement>('button', { name: 'Part b-1 from Ann' })
  expect(confirm.disabled).toBe(true)
})

test('where nobody would move, it says so', async () => {
  const still = { ...parting, after: parting.before, is_without_effect: true }
  engine({ 'POST /api/decisions/preview': [200, still] })
  open(<Asking />)
  await screen.findByText('Nobody would move: other links hold them together.')
})

test('of values that differ the winner is marked', async () => {
  const said = (customer_id: string, value: unknown) => ({
    ...{ customer_id, value, at: '2026-10-01T10:00:00Z' },
    source: { id: 's_0001', name: 'Web shop' },
  })
  const conflict = {
    ...{ name: 'home_city', customer_id: 'c_0011', winner: 'Oslo' },
    said: [said('c_0011', 'Oslo'), said('c_0022', 'Bergen')],
  }
  engine({ 'POST /api/decisions/preview': [200, { ...parting, conflicts: [conflict] }] })
  open(<Asking />)
  const region = await screen.findByRole('region', { name: 'Conflicting traits' })
  expect(region.textContent).toContain('home city')
  const wins = within(region).getByText('wins')
  expect(wins.closest('li')?.textContent).toContain('Oslo')
})

const link = (n: number): IdentityLink => ({
  a: { kind: 'user_id', value: 'u-1' },
  b: { kind: 'anonymous_id', value: `b-${n}` },
  rule: 'same_event',
  words: 'one event carried both',
  occurred_at: '2026-11-01T10:00:00Z',
  active: true,
  inert: null,
  why_inert: null,
  rules_version: 0,
  source: { id: 's_0001', name: 'Web shop' },
  message_id: 'm1',
})

function customer(n_browsers: number): Customer {
  const browsers = Array.from({ length: n_browsers }, (_, i) => link(i))
  const seen = {
    ...{ first_seen: '2026-11-01T10:00:00Z', n_events: 3, customer_since: null },
    shared: false,
  }
  return {
    id: 'c_0011',
    name: 'Ann',
    traits: [],
    identifiers: [link(0).a, ...browsers.map(({ b }) => b)].map((identifier, i) => ({
      ...{ id: `id_${i}`, ...identifier },
      ...seen,
    })),
    links: browsers,
  } as unknown as Customer
}

test('few identifiers are drawn, with the evidence on every line; many are listed only', async () => {
  engine({})
  const { unmount } = open(<Identifiers customer={customer(2)} />)
  const drawing = await screen.findByRole('group', { name: 'The links as a drawing' })
  const arcs = within(drawing).getAllByRole('img', { name: /One event carried both.*Web shop/ })
  expect(arcs).toHaveLength(2)
  unmount()
  open(<Identifiers customer={customer(40)} />)
  await screen.findByText(/41 identifiers are too many to draw/)
  expect(screen.queryByRole('group', { name: 'The links as a drawing' })).toBeNull()
})

test('who may decide is offered it; who may not is told why', async () => {
  engine({}, 'sales')
  const { unmount } = open(<Identifiers customer={customer(2)} />)
  expect(
    await screen.findAllByRole('button', { name: /^Withdraw… the link between/ }),
  ).toHaveLength(2)
  expect(screen.getAllByRole('button', { name: /^Somebody else…/ })).toHaveLength(3)
  unmount()
  engine({}, 'read_only')
  open(<Identifiers customer={customer(2)} />)
  await screen.findByText(/This needs the role admin, marketer or sales/)
  expect(screen.queryByRole('button', { name: /Withdraw|Somebody else/ })).toBeNull()
})

test('the decisions say who, when and why, and what stands can be taken back', async () => {
  const undone = { ...decided, id: 'p_0950', kind: 'merge', reason: '', undone_by: 'p_0951' }
  const sent = engine({
    'GET /api/customers/c_0011/decisions': [200, { items: [decided, undone], next_cursor: null }],
    'GET /api/decisions/p_0960/undo': [200, { ...parting, after: parting.before }],
    'POST /api/decisions/p_0960/undo': [200, decided],
  })
  open(<Decisions customerId="c_0011" />)
  const words = await screen.findAllByText(/Withdrew 1 link/)
  expect(words[0]!.textContent).toBe('Withdrew 1 link: Ann')
  expect(screen.getAllByText('u-1 and b-1')).toHaveLength(2)
  expect(screen.getByText('a colleague').closest('q')).toBeTruthy()
  expect(screen.getByText('Taken back')).toBeTruthy()
  const undo = await screen.findByRole('button', { name: /^Undo/ })
  await userEvent.click(undo)
  await screen.findByText(/should be as if it had never been decided/)
  expect(sent).toEqual([])
  await screen.findByRole('region', { name: 'Then' })
  await userEvent.click(screen.getByRole('button', { name: 'Take it back' }))
  await waitFor(() => expect(sent.map(({ to }) => to)).toEqual(['POST /api/decisions/p_0960/undo']))
})

test('no decision yet: it says what will be listed', async () => {
  engine({ 'GET /api/customers/c_0011/decisions': [200, { items: [], next_cursor: null }] })
  open(<Decisions customerId="c_0011" />)
  await screen.findByText(/Nobody has decided anything by hand/)
})
