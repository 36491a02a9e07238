// How is a client library made to tell a story, in a process of its own?
//
// A process of its own, because then everything that the library writes is its complaint and nobody
// else's, and because it has to end by itself once the library is closed.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { interpreter } from './python.mjs'

const MS_MAX = 60_000
const clients = fileURLToPath(new URL('../clients/', import.meta.url))

/**
 * Runs a driver. `job` is what the driver gets on its standard input:
 * `{library, url, write_key, gzip, steps}`. Resolves with `{answers, complaints}`.
 */
export async function drive(client, job) {
  const command =
    client.runtime === 'node'
      ? [process.execPath, `${clients}drive.mjs`]
      : [await interpreter(client.runtime), `${clients}drive.py`]
  return run(command, { library: client.library, ...job })
}

function run([program, ...args], job) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: environment() })
    let out = ''
    let err = ''
    child.stdout.on('data', (text) => (out += text))
    child.stderr.on('data', (text) => (err += text))
    const timer = setTimeout(() => child.kill('SIGKILL'), MS_MAX)
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      if (code !== 0) {
        const how = signal === 'SIGKILL' ? `took longer than ${MS_MAX} ms` : `ended with ${code}`
        return reject(new Error(`${job.library} ${how}:\n${out}${err}`))
      }
      const answers = JSON.parse(out.trim().split('\n').at(-1))
      return resolve({ answers, complaints: err.trim() })
    })
    child.stdin.end(JSON.stringify(job))
  })
}

/** Ours, without what would lead a library elsewhere than we say. */
function environment() {
  const led = /^(https?_proxy|all_proxy|POSTHOG_|RUDDER|SEGMENT_|TEST_DATA_PLANE)/i
  const kept = Object.entries(process.env).filter(([name]) => !led.test(name))
  return { ...Object.fromEntries(kept), PYTHONUNBUFFERED: '1', NO_PROXY: '*' }
}
