// Does the notebook of the examples find the numbers of the pages, to the last digit?
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const python = process.env.RAPPORT_PYTHON ?? 'python3'
const notebook = fileURLToPath(new URL('../../examples/notebook/behaviour.py', import.meta.url))
const TIME_MS_MAX = 120_000

/** Why it cannot be run here; null where it can. */
function lacking() {
  if (!process.env.RAPPORT_URL) return 'needs the real engine'
  const probe = spawnSync(python, ['-c', 'import pandas'], { encoding: 'utf8' })
  return probe.status === 0 ? null : `${python} has no pandas`
}

test('three charts are computed again in pandas', (t) => {
  const why = lacking()
  if (why) {
    console.log(`skipped: ${why}`)
    return t.skip(why)
  }
  const run = spawnSync(python, [notebook], {
    encoding: 'utf8',
    timeout: TIME_MS_MAX,
    env: { ...process.env, RAPPORT_TOKEN: process.env.RAPPORT_ADMIN_TOKEN, MPLBACKEND: 'agg' },
  })
  assert.equal(run.status, 0, `${run.stdout}\n${run.stderr}`)
  const equal = run.stdout.match(/: \d+ numbers?, all equal$/gm) ?? []
  assert.ok(equal.length >= 5 + 6, run.stdout)
  assert.match(run.stdout, /^revenue by week: 12 numbers, all equal$/m)
  assert.match(run.stdout, /^funnel: 3 numbers, all equal$/m)
})
