// Which version of each library is under test? The pins are the only place that says so.
import { readFileSync } from 'node:fs'

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const packages = JSON.parse(read('package.json')).devDependencies

/** The pinned version of a package from npm. */
export function npmVersion(name) {
  return packages[name]
}

/** The version of a Python package that `requirements-SET.txt` pins. */
export function pythonVersion(name, set) {
  const lines = read(`requirements-${set}.txt`).split('\n')
  return lines.find((line) => line.startsWith(`${name}==`)).slice(name.length + 2)
}
