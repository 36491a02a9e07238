import { afterEach, expect, test, vi } from 'vitest'
import { answer, api, ApiFailure } from './client'

function respondWith(status: number, body: string, seen?: (request: Request) => void) {
  vi.stubGlobal('fetch', (request: Request) => {
    seen?.(request)
    return Promise.resolve(new Response(status === 204 ? null : body, { status }))
  })
}

afterEach(() => vi.restoreAllMocks())

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error as ApiFailure,
  )

test('a refusal keeps its kind, words, hint and field', async () => {
  respondWith(
    400,
    '{"error":{"kind":"invalid","message":"A source needs a name.","hint":"Give one.","field":"name"}}',
  )
  const error = await failure(
    answer(api.POST('/api/sources', { body: { name: '', kind: 'server' } })),
  )
  expect(error).toMatchObject({
    kind: 'invalid',
    message: 'A source needs a name.',
    hint: 'Give one.',
    field: 'name',
    status: 400,
  })
})

test('an answer that explains nothing still makes a sentence', async () => {
  respondWith(502, '<html>bad gateway</html>')
  const error = await failure(answer(api.GET('/api/home')))
  expect(error.message).toContain('502')
  expect(error).toBeInstanceOf(ApiFailure)
})

test('an engine that is away is called unreachable', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  expect(await failure(answer(api.GET('/api/home')))).toMatchObject({ kind: 'unreachable' })
})

test('only changes carry the proof that our own page asks', async () => {
  const headers: (string | null)[] = []
  respondWith(200, '{}', (request) => headers.push(request.headers.get('x-rapport-csrf')))
  await answer(api.GET('/api/home'))
  await answer(api.DELETE('/api/session'))
  expect(headers).toEqual([null, '1'])
})
