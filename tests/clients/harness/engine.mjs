// How does a test get a Rapport of its own, running and empty?
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Api } from './api.mjs'

const ADMIN_TOKEN = 'admin-token-of-the-client-tests'
const READY_MS_MAX = 30_000
const STOP_MS_MAX = 20_000

/** The binary under test. */
export const binary =
  process.env.RAPPORT_BINARY ??
  fileURLToPath(new URL('../../../target/debug/rapport', import.meta.url))

/** Starts the binary on an empty data directory; `stop()` ends it and fails if it ended badly. */
export async function startEngine() {
  if (!existsSync(binary)) {
    throw new Error(`${binary} is missing: run cargo build --package rapport first`)
  }
  const folder = await mkdtemp(join(tmpdir(), 'rapport-clients-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(binary, ['serve', '--data', folder, '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    env: { ...process.env, RAPPORT_ADMIN_TOKEN: ADMIN_TOKEN },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const end = await Promise.race([ended, after(STOP_MS_MAX, null)])
    if (end === null) {
      child.kill('SIGKILL')
    }
    await rm(folder, { recursive: true, force: true })
    if (end === null || end.code !== 0) {
      throw new Error(`the server did not stop cleanly (${JSON.stringify(end)}):\n${said}`)
    }
    if (/ERROR|panicked/.test(said)) {
      throw new Error(`the server complained:\n${said}`)
    }
  }
  try {
    await ready(url, ended, () => said)
  } catch (error) {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return { url, api: new Api(url, ADMIN_TOKEN), stop }
}

async function ready(url, ended, said) {
  let end = null
  ended.then((how) => (end = how))
  const deadline = Date.now() + READY_MS_MAX
  while (Date.now() < deadline) {
    if (end !== null) {
      throw new Error(`the server ended before it was ready (${JSON.stringify(end)}):\n${said()}`)
    }
    const answer = await fetch(`${url}/ready`).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.status === 200) {
      return
    }
    await after(50)
  }
  throw new Error(`the server was not ready after ${READY_MS_MAX} ms:\n${said()}`)
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Resolves with `value` after `ms`, without keeping the process alive. */
export function after(ms, value) {
  return new Promise((resolve) => setTimeout(resolve, ms, value).unref())
}
