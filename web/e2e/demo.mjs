// How do the tests get the real thing: the binary with a company in it and its pages embedded?
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const ADMIN_TOKEN = 'admin-token-of-the-browser-tests'
const CUSTOMERS = 300
const FILLED_MS_MAX = 180_000
const STOP_MS_MAX = 30_000

const built =
  process.env.RAPPORT_BINARY ??
  fileURLToPath(new URL('../../target/debug/rapport', import.meta.url))

/**
 * Starts `rapport demo` in a folder of its own, or in `kept`, which stays; `stop()` ends it and
 * fails if it ended badly.
 */
export async function startDemo({ binary = built, customers = CUSTOMERS, kept } = {}) {
  if (!existsSync(binary)) {
    throw new Error(`${binary} is missing: run cargo build --package rapport first`)
  }
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'rapport-demo-')))
  const engine = launch({ binary, customers, folder, port: await freePort() })
  const clear = async () => !kept && (await rm(folder, { recursive: true, force: true }))
  const stop = async () => {
    const end = await engine.end('SIGTERM')
    await clear()
    if (end?.code !== 0) throw new Error(`it did not stop cleanly (${JSON.stringify(end)})`)
    if (/ERROR|panicked/.test(engine.said())) throw new Error(`it complained:\n${engine.said()}`)
  }
  try {
    return { url: engine.url, firstLink: await firstLink(engine), stop }
  } catch (error) {
    await engine.end('SIGKILL')
    await clear()
    throw error
  }
}

function launch({ binary, customers, folder, port }) {
  const address = `127.0.0.1:${port}`
  const args = ['demo', '--customers', String(customers), '--data', join(folder, 'data')]
  const child = spawn(binary, [...args, '--listen', address], {
    cwd: folder,
    env: {
      ...process.env,
      RAPPORT_ADMIN_TOKEN: ADMIN_TOKEN,
      RAPPORT_API_REQUESTS_PER_SECOND: '100000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  let ended = null
  const exit = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve((ended = { code, signal })))
  })
  const end = async (signal) => {
    child.kill(signal)
    const how = await Promise.race([exit, after(STOP_MS_MAX, null, { ref: false })])
    if (!how) child.kill('SIGKILL')
    return how
  }
  return { url: `http://${address}`, said: () => said, hasEnded: () => ended !== null, end }
}

/** Waits until the company is there; of a new one, the last word is the link for the first admin. */
async function firstLink(engine) {
  const deadline = Date.now() + FILLED_MS_MAX
  while (Date.now() < deadline && !engine.hasEnded()) {
    const link = /(http\S+\/invite\/\S+)\s/.exec(engine.said())?.[1]
    const isThere = link || /The demo is there already/.test(engine.said())
    if (isThere && (await isReady(engine.url))) return link
    await after(100)
  }
  throw new Error(`the demo did not come up:\n${engine.said()}`)
}

async function isReady(url) {
  const answer = await fetch(`${url}/ready`).catch(() => null)
  await answer?.arrayBuffer()
  return answer?.status === 200
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}
