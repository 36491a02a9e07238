// What if the answer gets lost on its way back, or the server has no time?
//
// A proxy between a client library and the server. It writes down every delivery of events, and it
// treats the attempts to deliver the same events as its plan says: the first attempt gets the first
// treatment, and so on; attempts beyond the plan pass. Whatever carries no events always passes.
import { createServer, request } from 'node:http'
import { gunzipSync } from 'node:zlib'

/** The server takes the events, the client never hears of it: the connection breaks. */
export const cut = { forwards: true, answer: 'cut' }
/** The server takes the events, the client is told that it failed. */
export const garble = { forwards: true, answer: { status: 500, body: 'bad luck' } }
/** The server does not hear of the events; the client is asked to come again. */
export const busy = (status, retryAfterSeconds) => ({
  forwards: false,
  answer: {
    status,
    body: JSON.stringify({ success: false, code: 'busy', message: 'busy', detail: 'busy' }),
    headers: { 'retry-after': String(retryAfterSeconds), 'content-type': 'application/json' },
  },
})

const PASS = { forwards: true, answer: 'pass' }

/** Starts a proxy in front of `target`. `deliveries` grows as events come through it. */
export async function startProxy(target, plan = []) {
  const proxy = { deliveries: [], others: [], plan, attempts: new Map(), target: new URL(target) }
  const server = createServer((incoming, outgoing) => {
    handle(proxy, incoming, outgoing).catch((error) => outgoing.destroy(error))
  })
  server.keepAliveTimeout = 60_000
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  const url = `http://127.0.0.1:${server.address().port}`
  return { url, deliveries: proxy.deliveries, others: proxy.others, stop }
}

async function handle(proxy, incoming, outgoing) {
  const body = await wholeBody(incoming)
  const ids = incoming.method === 'POST' ? messageIds(body) : []
  if (ids.length === 0) {
    const answer = await forward(proxy, incoming, body)
    proxy.others.push({ method: incoming.method, path: incoming.url, status: answer.status })
    return reply(outgoing, answer)
  }
  const attempt = (proxy.attempts.get(ids[0]) ?? 0) + 1
  proxy.attempts.set(ids[0], attempt)
  const treatment = proxy.plan[attempt - 1] ?? PASS
  const delivery = {
    path: incoming.url,
    encoding: isGzip(body) ? 'gzip' : 'plain',
    userAgent: incoming.headers['user-agent'],
    ids,
    attempt,
    forwarded: treatment.forwards,
    status: null,
  }
  proxy.deliveries.push(delivery)
  const answer = treatment.forwards ? await forward(proxy, incoming, body) : null
  delivery.status = answer?.status ?? null
  if (treatment.answer === 'cut') {
    return incoming.socket.destroy()
  }
  return reply(outgoing, treatment.answer === 'pass' ? answer : own(treatment.answer, incoming))
}

/** Our own answer, readable for pages of other origins as the server's answers are. */
function own({ status, body, headers }, incoming) {
  const origin = incoming.headers.origin
  const cors = origin && {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after',
  }
  return { status, body: Buffer.from(body), headers: { ...headers, ...cors } }
}

function reply(outgoing, { status, headers, body }) {
  outgoing.writeHead(status, headers)
  outgoing.end(body)
}

function forward(proxy, incoming, body) {
  const { hostname, port } = proxy.target
  const { method, url: path } = incoming
  // The host stays the proxy's, as it does behind a proxy of a real installation: the browser
  // libraries are told by the server where to send to.
  const headers = { ...incoming.headers, 'content-length': body.length }
  delete headers['transfer-encoding']
  return new Promise((resolve, reject) => {
    const onward = request({ hostname, port, method, path, headers }, async (answer) => {
      const kept = { ...answer.headers }
      delete kept['transfer-encoding']
      delete kept.connection
      resolve({ status: answer.statusCode, headers: kept, body: await wholeBody(answer) })
    })
    onward.on('error', reject)
    onward.end(body)
  })
}

async function wholeBody(stream) {
  const parts = []
  for await (const part of stream) {
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function isGzip(body) {
  return body[0] === 0x1f && body[1] === 0x8b
}

/** The ids of the events in a body; none where it carries no events. */
function messageIds(body) {
  let parsed
  try {
    parsed = JSON.parse((isGzip(body) ? gunzipSync(body) : body).toString('utf8'))
  } catch {
    return []
  }
  const events = Array.isArray(parsed) ? parsed : (parsed.batch ?? [parsed])
  return events.map((event) => event?.messageId ?? event?.uuid).filter(Boolean)
}
