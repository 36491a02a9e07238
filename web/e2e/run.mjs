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
/** More files than this do not fail by chance. */
const SECOND_TRIES_MAX = 3

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

const failed = await runAll(filesToRun())
const failedAgain = failed.length > 0 ? await secondTry(failed) : []
try {
  await own?.stop()
} catch (error) {
  console.error(`the engine: ${error.message}`)
  process.exitCode = 1
}
if (failedAgain.length > 0) process.exitCode = 1
const unsteady = failed.filter((file) => !failedAgain.includes(file))
if (unsteady.length > 0) console.log(`UNSTEADY, held at the second try only: ${names(unsteady)}`)
console.log(`${process.exitCode ? 'FAILED' : 'all passed'} after ${seconds(begun)} s`)

function filesToRun() {
  const all = readdirSync(here).filter((name) => name.endsWith('.test.mjs'))
  const rest = all.filter((name) => name !== FIRST).sort()
  return [FIRST, ...rest]
    .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
    .map((name) => here + name)
}

/** Runs the tests of these files; the files of which one failed. */
function runAll(files) {
  return new Promise((done) => {
    const failed = new Set(files.length === 0 ? ['no such file'] : [])
    const events = run({ files, concurrency: 1, timeout: 600_000 })
    events.on('test:fail', ({ file, name }) => failed.add(file ?? name))
    events
      .compose(new spec())
      .on('end', () => done([...failed]))
      .pipe(process.stdout, { end: false })
  })
}

/** A busy machine can break a test that holds: files that failed are run once more, and named. */
async function secondTry(files) {
  const known = files.filter((file) => file.startsWith(here))
  if (known.length < files.length || known.length > SECOND_TRIES_MAX) return files
  console.log(`failed, and run once more: ${names(known)}`)
  return runAll(known)
}

function names(files) {
  return files.map((file) => file.replace(here, '')).join(', ')
}

function seconds(since) {
  return Math.round((Date.now() - since) / 1000)
}
