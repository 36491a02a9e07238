// What does every test file need around its tests: one engine, and a source and a line per test?
import { after, before } from 'node:test'
import { startEngine } from './engine.mjs'
import { startProxy } from './proxy.mjs'

let n_sources = 0

/** One engine for a whole test file. */
export function useEngine() {
  const bench = { engine: null }
  before(async () => {
    bench.engine = await startEngine()
  })
  after(() => bench.engine?.stop())

  /** A source of its own behind a line of its own, for as long as `test` runs. */
  bench.onLine = async ({ name, kind, plan }, test) => {
    n_sources += 1
    const tag = `t${process.pid}-${n_sources}`
    const source = await bench.engine.api.createSource(`${name} ${n_sources}`, kind)
    const line = await startProxy(bench.engine.url, plan)
    try {
      return await test({ api: bench.engine.api, source, line, tag })
    } finally {
      await line.stop()
    }
  }
  return bench
}
