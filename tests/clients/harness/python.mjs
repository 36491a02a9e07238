// Where do the Python libraries live, and how are they driven?
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const here = fileURLToPath(new URL('..', import.meta.url))
const python = process.env.RAPPORT_PYTHON ?? 'python3'

/** Why the Python libraries cannot run here; null if they can. */
export function whyNoPython() {
  const probe = spawnSync(python, ['-c', 'import venv, ensurepip'], { encoding: 'utf8' })
  if (probe.error) {
    return `${python} is not installed`
  }
  return probe.status === 0 ? null : `${python} has no venv (package python3-venv)`
}

/**
 * The interpreter of a virtual environment with exactly what `requirements-NAME.txt` pins. Made at
 * the first use and again when the pins change.
 */
export async function interpreter(name) {
  const folder = `${here}.venv/${name}`
  const stamp = `${folder}/requirements.txt`
  const wanted = readFileSync(`${here}requirements-${name}.txt`, 'utf8')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(`${here}.venv`, { recursive: true })
    const run = promisify(execFile)
    await run(python, ['-m', 'venv', folder])
    const file = `${here}requirements-${name}.txt`
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input']
    await run(`${folder}/bin/python`, ['-m', 'pip', 'install', ...quiet, '--requirement', file])
    writeFileSync(stamp, wanted)
  }
  return `${folder}/bin/python`
}
