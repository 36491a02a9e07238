import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ApiFailure } from '@/api/client'
import { Outbox, type Answer, type Send, type Shelf } from './outbox'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function shelf(filled: Record<string, string> = {}): Shelf & { all: Record<string, string> } {
  const all = { ...filled }
  return {
    all,
    getItem: (key) => all[key] ?? null,
    setItem: (key, text) => void (all[key] = text),
    removeItem: (key) => void delete all[key],
  }
}

const answer = (pair: string, says: Answer['says'] = 'same'): Answer => ({
  pair,
  says,
  words: `Ann and ${pair}`,
})

/** An engine that keeps what it was told, a line per request, and answers as `reply` says. */
function sending(reply: (said: Answer[], n: number) => Promise<(string | null)[]> = takesAll) {
  const said: string[] = []
  const send: Send = (all) => {
    said.push(all.map((one) => `${one.pair} ${one.says}`).join(', '))
    return reply(all, said.length)
  }
  return { said, send }
}

const takesAll: Send = async (all) => all.map(() => null)

/** An engine that answers when it is let. */
function slow() {
  let release = () => {}
  const engine = sending(
    (all) => new Promise((done) => (release = () => done(all.map(() => null)))),
  )
  return { ...engine, release: () => release() }
}

const settle = () => vi.advanceTimersByTimeAsync(0)
const down = new ApiFailure('unreachable', 'The engine could not be reached.')

test('nobody waits for an answer on its way; what gathers meanwhile goes together', async () => {
  const { said, send, release } = slow()
  const outbox = new Outbox(send, shelf(), 'k')
  outbox.put([answer('p1')])
  outbox.put([answer('p2', 'different')])
  outbox.put([answer('p3')])
  expect(said).toEqual(['p1 same'])
  release()
  await settle()
  expect(said).toEqual(['p1 same', 'p2 different, p3 same'])
  release()
  await settle()
  expect(outbox.now().waiting).toEqual([])
})

test('what fails is kept, shown, and tried again until it is through', async () => {
  const { said, send } = sending(async (all, n) => {
    if (n <= 3) throw down
    return takesAll(all)
  })
  const outbox = new Outbox(send, shelf(), 'k')
  outbox.put([answer('p1')])
  await settle()
  outbox.put([answer('p2', 'different')])
  expect(outbox.now()).toMatchObject({ failure: 'The engine could not be reached.' })
  expect(outbox.now().waiting).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1_000 + 2_000 + 4_000)
  expect(outbox.now()).toEqual({ waiting: [], failure: null, refused: [] })
  expect(said.at(-1)).toBe('p1 same, p2 different')
  expect(said).toHaveLength(4)
})

test('whoever does not want to wait tries at once', async () => {
  const { said, send } = sending(async (all, n) => {
    if (n === 1) throw down
    return takesAll(all)
  })
  const outbox = new Outbox(send, shelf(), 'k')
  outbox.put([answer('p1')])
  await settle()
  outbox.retry()
  await settle()
  expect(said).toHaveLength(2)
  expect(outbox.now().waiting).toEqual([])
})

test('a final refusal is told with its reason and holds nobody up', async () => {
  const why = 'Somebody else has answered it.'
  const { send } = sending(async (all) => all.map(({ pair }) => (pair === 'p1' ? why : null)))
  const outbox = new Outbox(send, shelf(), 'k')
  outbox.put([answer('p1'), answer('p2')])
  await settle()
  expect(outbox.now()).toEqual({
    waiting: [],
    failure: null,
    refused: [{ answer: answer('p1'), why }],
  })
  outbox.dismiss()
  expect(outbox.now().refused).toEqual([])
})

test('who may not answer is told so for every answer', async () => {
  const { send } = sending(async () => {
    throw new ApiFailure('denied', 'This needs another role.')
  })
  const outbox = new Outbox(send, shelf(), 'k')
  outbox.put([answer('p1'), answer('p2')])
  await settle()
  expect(outbox.now().waiting).toEqual([])
  expect(outbox.now().refused.map((one) => one.why)).toEqual(
    Array(2).fill('This needs another role.'),
  )
})

test('an answer that has not left is unsaid; one that may have left is undone', async () => {
  const { said, send, release } = slow()
  const outbox = new Outbox(send, shelf(), 'k')
  outbox.put([answer('p1')])
  outbox.put([answer('p2')])
  outbox.put([answer('p3')])
  outbox.put([answer('p2', 'undo')])
  expect(outbox.now().waiting.map((one) => one.pair)).toEqual(['p1', 'p3'])
  outbox.put([answer('p1', 'undo')])
  for (let i = 0; i < 3; i += 1) {
    release()
    await settle()
  }
  expect(said).toEqual(['p1 same', 'p3 same', 'p1 undo'])
})

test('what failed may have arrived all the same, so that its undo is sent too', async () => {
  const { said, send } = sending(async (all, n) => {
    if (n === 1) throw down
    return takesAll(all)
  })
  const outbox = new Outbox(send, shelf(), 'k')
  outbox.put([answer('p1')])
  await settle()
  outbox.put([answer('p1', 'undo')])
  outbox.retry()
  await settle()
  expect(said).toEqual(['p1 same', 'p1 same', 'p1 undo'])
})

test('an answer after an undo is an answer again', async () => {
  const { said, send } = sending()
  const outbox = new Outbox(send, shelf(), 'k')
  for (const says of ['same', 'undo', 'different'] as const) {
    outbox.put([answer('p1', says)])
    await settle()
  }
  expect(said).toEqual(['p1 same', 'p1 undo', 'p1 different'])
})

test('a reload loses nothing, and nobody is named in the browser', async () => {
  const place = shelf()
  const never = sending(async () => {
    throw down
  })
  const before = new Outbox(never.send, place, 'k')
  before.put([answer('p1')])
  await settle()
  expect(place.all.k).toContain('p1')
  expect(place.all.k).not.toContain('Ann')
  const { said, send } = sending()
  const after = new Outbox(send, place, 'k')
  await settle()
  expect(said).toEqual(['p1 same'])
  expect(after.now().waiting).toEqual([])
  expect(place.all.k).toBeUndefined()
})

test('what something else wrote there is left out', () => {
  for (const text of ['{', '[1, null, {"pair": 3}]', '"x"']) {
    expect(new Outbox(takesAll, shelf({ k: text }), 'k').now().waiting).toEqual([])
  }
})
