// How long does somebody wait for the first answer, from asking in the browser to the picture?
//
//   cargo build --release -p rapport
//   node bench/behaviour/first_answer.mjs [folder for the demo's data]
//
// Each insight is asked in a process that has answered nothing yet, on the demo with its 20,000
// customers: from the change of address in an open page until the answer is painted. The demo has
// come to rest before (its files are merged), and the page of boards is open, as for whoever looks
// around before asking.
import { mkdir } from 'node:fs/promises'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openBrowser, openPage, signIn } from '../../web/e2e/browser.mjs'
import { ADMIN_TOKEN, startDemo } from '../../web/e2e/demo.mjs'

const year = { kind: 'last', n: 12, grain: 'month', current: false }
const order = { events: ['Order Completed'] }
const source = { of: 'context', path: 'campaign.source' }

/** What is asked of each; nothing where the page asks something by itself. */
const INSIGHTS = {
  trend: null,
  funnel: {
    steps: [{ events: ['Product Viewed'] }, order],
    period: { kind: 'last', n: 1, grain: 'quarter', current: false },
    within: 604_800,
  },
  retention: null,
  paths: null,
  visits: null,
  lifecycle: null,
  stickiness: null,
  rfm: { period: year, events: order, money: { of: 'property', path: 'revenue' } },
  'last-touch': {
    period: year,
    outcome: order,
    touch: { tests: [{ field: source, op: 'exists' }] },
    label: { field: source, view: 'whole' },
    within: 2_592_000,
  },
}
const CUSTOMERS = 20_000
const BAR_MS = 300
const ROUNDS = Number(process.env.ROUNDS ?? 3)
/** Nothing has changed for so long: the demo is at rest. */
const RESTED_MS = 15_000

const binary =
  process.env.RAPPORT_BINARY ??
  fileURLToPath(new URL('../../target/release/rapport', import.meta.url))
const kept = process.argv[2] ?? 'first-answer-demo'
await mkdir(kept, { recursive: true })
process.env.RAPPORT_ADMIN_TOKEN = ADMIN_TOKEN

/** In the page: goes to an address, and waits for the picture of its answer. */
async function asked(address) {
  const begun = performance.now()
  history.pushState({}, '', address)
  const asking = () =>
    performance
      .getEntriesByType('resource')
      .find((one) => one.startTime >= begun && /\/api\/insights\//.test(one.name))
  const isAnswered = () => {
    const answer = document.querySelector('section[aria-label="The answer"]')
    const isDrawn = !document.querySelector('[data-chart=loading]')
    return asking() && isDrawn && answer?.getAttribute('aria-busy') === 'false'
  }
  const frame = () => new Promise((painted) => requestAnimationFrame(painted))
  while (!isAnswered()) {
    if (performance.now() - begun > 30_000) throw new Error(`${address}: no answer in 30 s`)
    await frame()
  }
  await frame()
  const painted = performance.now() - begun
  const { startTime, responseEnd } = asking()
  const sent = startTime - begun
  return { painted, sent, engine: responseEnd - startTime, drawn: painted - (responseEnd - begun) }
}

/** Until files and fresh events are as they stay while nothing comes in. */
async function rest() {
  const demo = await startDemo({ binary, customers: CUSTOMERS, kept })
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const figures = async () => {
    const text = await (await fetch(`${demo.url}/metrics`, { headers })).text()
    return text.match(/^rapport_(runs|fresh_events) .*$/gm)?.join(', ')
  }
  let [now, since] = [await figures(), Date.now()]
  while (Date.now() - since < RESTED_MS) {
    await after(500)
    const next = await figures()
    if (next !== now) [now, since] = [next, Date.now()]
  }
  await demo.stop()
  console.log(`At rest: ${now}.\n`)
}

async function measured(insight, question) {
  const demo = await startDemo({ binary, customers: CUSTOMERS, kept })
  const browser = await openBrowser()
  try {
    await signIn(browser.context, demo)
    const { page } = await openPage(browser.context)
    // The shell is there; nothing has been asked yet.
    await page.goto(`${demo.url}/ask/boards`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    const q = question ? { q: JSON.stringify(question) } : {}
    const words = new URLSearchParams({ ask: insight, ...q })
    return await page.evaluate(asked, `/ask/insights?${words}`)
  } finally {
    await browser.close()
    await demo.stop()
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const PARTS = ['painted', 'sent', 'engine', 'drawn']

await rest()
console.log('Medians, ms: until it is painted; of that until the question was sent, until the')
console.log('engine had answered, until the answer was painted.\n')
console.log(`| insight | ${PARTS.join(' | ')} |`)
console.log(`|---|${'--:|'.repeat(PARTS.length)}`)
let most = 0
for (const [insight, question] of Object.entries(INSIGHTS)) {
  const times = []
  for (let round = 0; round < ROUNDS; round += 1) times.push(await measured(insight, question))
  const medians = PARTS.map((part) => median(times.map((one) => one[part])))
  most = Math.max(most, medians[0])
  console.log(`| ${insight} | ${medians.map((ms) => ms.toFixed(0)).join(' | ')} |`)
}
console.log(`\nThe slowest: ${most.toFixed(0)} ms; the bar is ${BAR_MS} ms.`)
