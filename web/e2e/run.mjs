// Do the pages hold in a real browser, before the real binary? Starts both, runs all, sums up.
//
//   node e2e/run.mjs [part of a file's name …]
//
// Without RAPPORT_URL it starts a demo of its own and stops it afterwards.
import { readdirSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { ADMIN_TOKEN, startDemo } from './demo.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
// The first person comes in before anybody else does.
const FIRST = 'first-run.test.mjs'

const begun = Date.now()
const wanted = process.argv.slice(2)
const own = process.env.RAPPORT_URL ? null : await startDemo()
if (own) {
  process.env.RAPPORT_URL = own.url
  process.env.RAPPORT_ADMIN_TOKEN = ADMIN_TOKEN
  process.env.RAPPORT_FIRST_LINK = own.firstLink
  console.log(`the demo runs at ${own.url} after ${seconds(begun)} s`)
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    const gone = own ? own.stop() : Promise.resolve()
    gone.catch(() => {}).finally(() => process.exit(130))
  })
}

const passed = await runAll(filesToRun())
try {
  await own?.stop()
} catch (error) {
  console.error(`the engine: ${error.message}`)
  process.exitCode = 1
}
if (!passed) process.exitCode = 1
console.log(`${process.exitCode ? 'FAILED' : 'all passed'} after ${seconds(begun)} s`)

function filesToRun() {
  const all = readdirSync(here).filter((name) => name.endsWith('.test.mjs'))
  const rest = all.filter((name) => name !== FIRST).sort()
  return [FIRST, ...rest]
    .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
    .map((name) => here + name)
}

function runAll(files) {
  return new Promise((done) => {
    let passed = files.length > 0
    const events = run({ files, concurrency: 1, timeout: 600_000 })
    events.on('test:fail', () => (passed = false))
    events
      .compose(new spec())
      .on('end', () => done(passed))
      .pipe(process.stdout, { end: false })
  })
}

function seconds(since) {
  return Math.round((Date.now() - since) / 1000)
}
