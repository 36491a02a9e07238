// What do the tests need before they run? The Python libraries, and the pages for the browser.
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { interpreter, whyNoPython } from './harness/python.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))

await build({
  entryPoints: ['segment', 'posthog'].map((name) => `${here}clients/browser/${name}.js`),
  outdir: `${here}dist`,
  bundle: true,
  format: 'iife',
  target: 'chrome120',
  logLevel: 'warning',
})

const noPython = whyNoPython()
if (noPython === null) {
  await interpreter('newest')
  await interpreter('before')
} else {
  console.log(`skipped: the Python libraries, because ${noPython}`)
}
