// What would the engine answer? A stand-in for development and tests, never shipped.
//
//   node mock/server.mjs            PORT (7117), MOCK_CUSTOMERS (2000), MOCK_EMPTY=1, MOCK_FAIL=1
//
// It serves web/dist with the policy of the engine, so that tests see what a person would; with
// MOCK_PAGES=dist-mock the build of `vite build --mode mock --outDir dist-mock`, which has the pages
// that the engine cannot answer yet (src/app/ready.ts).
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { routes } from './routes.mjs'
import { newWorld } from './world.mjs'

const dist = new URL(`../${process.env.MOCK_PAGES ?? 'dist'}/`, import.meta.url).pathname
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

export function startMock(options = {}, port = 0) {
  const world = newWorld(options)
  const server = createServer((request, response) => {
    handle(world, request, response).catch((error) => {
      console.error(error)
      send(response, 500, {
        error: { kind: 'internal', message: String(error), hint: null, field: null },
      })
    })
  })
  return new Promise((done) => {
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address()
      done({ server, world, url: `http://127.0.0.1:${taken}`, stop: () => stop(server) })
    })
  })
}

function stop(server) {
  server.closeAllConnections()
  return new Promise((done) => server.close(done))
}

async function handle(world, request, response) {
  const url = new URL(request.url, 'http://mock')
  if (!/^\/(api|v1)\//.test(url.pathname)) return serveFile(url.pathname, response)
  for (const { method, pattern, run, open } of routes) {
    const match = request.method === method && pattern.exec(url.pathname)
    if (!match) continue
    const refusal = refusalOf(world, request, open)
    if (refusal) return send(response, ...refusal)
    const body = method === 'GET' ? null : await readBody(request)
    const args = match.slice(1).map(decodeURIComponent)
    const result = await run({
      world,
      request,
      response,
      query: url.searchParams,
      body,
      args,
      now: Date.now(),
    })
    if (result === undefined) return
    const [status, data] = Array.isArray(result) ? result : [200, result]
    return send(response, status, data)
  }
  send(response, 404, {
    error: {
      kind: 'not_found',
      message: 'There is nothing at this address.',
      hint: null,
      field: null,
    },
  })
}

function refusalOf(world, request, open) {
  const error = (status, kind, message, hint = null) => [
    status,
    { error: { kind, message, hint, field: null } },
  ]
  if (world.fail && !open)
    return error(
      503,
      'unavailable',
      'The disk is full, so nothing can be written or looked up right now.',
      'Free some space; it recovers by itself.',
    )
  if (
    request.method !== 'GET' &&
    !request.headers.authorization &&
    request.headers['x-rapport-csrf'] !== '1'
  )
    return error(403, 'denied', 'The request did not come from our own page.')
  const signedIn =
    /rapport_session=mock/.test(request.headers.cookie ?? '') || request.headers.authorization
  if (!open && !signedIn) return error(401, 'unauthenticated', 'You are not signed in.')
  return null
}

/** What was sent: JSON, or the bytes of a file. */
async function readBody(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  if (request.headers['content-type'] === 'application/octet-stream') return bytes
  const text = bytes.toString()
  return text ? JSON.parse(text) : {}
}

function send(response, status, data) {
  if (response.headersSent) return response.end()
  if (data === undefined || status === 204) return response.writeHead(204).end()
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(data))
}

async function serveFile(path, response) {
  const asked = normalize(path).replace(/^[/\\]+/, '')
  const file = extname(asked) ? asked : 'index.html'
  try {
    const content = await readFile(join(dist, file))
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    response.end(content)
  } catch {
    response.writeHead(404).end('not found')
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url } = await startMock(
    {
      customers: Number(process.env.MOCK_CUSTOMERS ?? 2000),
      empty: process.env.MOCK_EMPTY === '1',
      fail: process.env.MOCK_FAIL === '1',
    },
    Number(process.env.PORT ?? 7117),
  )
  console.log(
    `mock engine: ${url}   any e-mail, password "correct horse"   first run: ${url}/invite/first`,
  )
}
