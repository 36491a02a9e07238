// How do the end-to-end tests reach the pages: which browser, which engine, who is signed in?
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { startMock } from '../mock/server.mjs'

const executablePath = process.env.RAPPORT_CHROMIUM ?? '/usr/bin/chromium'
const args =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  )

/** Where screenshots go; null when nobody asked for them. */
export const shots = process.env.RAPPORT_SHOTS ?? null

/** The engine under test: the one at RAPPORT_URL, else a mock of our own. */
export async function openEngine(options = {}) {
  const url = process.env.RAPPORT_URL
  if (url && !options.mockOnly) {
    return { url, isMock: false, stop: async () => {} }
  }
  return { ...(await startMock(options)), isMock: true }
}

export async function openBrowser() {
  const profile = await mkdtemp(join(tmpdir(), 'rapport-e2e-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args,
    headless: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  })
  return {
    context,
    close: async () => {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/**
 * Signs in as the first admin does. On a real engine RAPPORT_ADMIN_TOKEN makes a one-time
 * invitation, which is accepted here, so that the tests go through a real session.
 */
export async function signIn(context, engine) {
  const session = await context.request.get(`${engine.url}/api/session`)
  if ((await session.json()).user) return
  if (engine.isMock) {
    engine.login = { email: 'ada@northlight.example', password: 'correct horse' }
    const reply = await context.request.post(`${engine.url}/api/session`, {
      headers: { 'x-rapport-csrf': '1' },
      data: engine.login,
    })
    if (!reply.ok()) throw new Error(`the mock refused to sign in: ${reply.status()}`)
    return
  }
  const email = `e2e-${Date.now()}@rapport.example`
  const token = (await invite(context, engine, email)).split('/').at(-1)
  engine.login = { email, password: 'five quiet words in a row' }
  const accept = await context.request.post(`${engine.url}/api/invites/${token}`, {
    headers: { 'x-rapport-csrf': '1' },
    data: { name: 'Ada Lindqvist', password: engine.login.password },
  })
  if (!accept.ok()) throw new Error(`not accepted: ${accept.status()} ${await accept.text()}`)
}

/** The path of a link with which somebody may come in as an admin. */
export async function invite(context, engine, email) {
  if (engine.isMock) return '/invite/first'
  const reply = await context.request.post(`${engine.url}/api/users/invite`, {
    headers: { authorization: `Bearer ${process.env.RAPPORT_ADMIN_TOKEN}` },
    data: { email, role: 'admin' },
  })
  if (!reply.ok()) throw new Error(`no invitation: ${reply.status()} ${await reply.text()}`)
  return new URL((await reply.json()).invite_url).pathname
}

/** Opens a page that fails the test on script errors and on anything the policy blocked. */
export async function openPage(context, { width = 1440, scheme = 'light' } = {}) {
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) complaints.push(message.text())
  })
  await page.setViewportSize({ width, height: width < 600 ? 844 : 900 })
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  return { page, complaints }
}

// The browser itself writes a line for every refused request; refusals are part of the tests.
const isExpected = (text) => /Failed to load resource/.test(text)

const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe finds wrong on the page as it stands, as lines of text. */
export async function axeFindings(page) {
  const source = await readFile(axeSource, 'utf8')
  await page.evaluate(source)
  const { violations } = await page.evaluate(() => window.axe.run(document))
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      (node) => `${id}: ${help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary}`,
    ),
  )
}

export async function shoot(page, name) {
  if (!shots) return
  await mkdir(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`) })
}
