// Does every page open, in light and dark, wide and narrow, without an axe finding?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axeFindings, invite, openPage, shoot, signIn } from './browser.mjs'
import { setStage, sizes } from './stage.mjs'

const stage = setStage()

const idle = (page) => page.waitForTimeout(350)

/** Every page: where it is, and what must be on it before it counts as open. */
function pagesOf({ source, customer, account }) {
  return [
    ['home', '/', (page) => page.getByText('Events per hour').waitFor()],
    [
      'sources',
      '/listen/sources',
      (page) => page.getByRole('link', { name: source.name }).first().waitFor(),
    ],
    ['sources-create', '/listen/sources?new=1', (page) => page.getByRole('dialog').waitFor()],
    [
      'source-connect',
      `/listen/sources/${source.id}`,
      (page) => page.getByText('Send with what you have').waitFor(),
    ],
    [
      'source-plan',
      `/listen/sources/${source.id}?tab=plan`,
      (page) => page.getByRole('tabpanel').waitFor(),
    ],
    [
      'source-settings',
      `/listen/sources/${source.id}?tab=settings`,
      (page) => page.getByText('Keep IP addresses').waitFor(),
    ],
    ['debugger', '/listen/debugger', (page) => page.getByRole('grid').waitFor()],
    ['debugger-open', '/listen/debugger', openFirstEvent],
    ['imports', '/listen/imports', (page) => page.getByText('Bring in a file').first().waitFor()],
    ['customers', '/know/customers', (page) => page.getByRole('grid').waitFor()],
    [
      'customer',
      `/know/customers/${customer.id}`,
      (page) => page.getByRole('heading', { level: 1 }).waitFor(),
    ],
    ['customer-profile', `/know/customers/${customer.id}`, openProfile],
    [
      'accounts',
      '/know/accounts',
      (page) => page.getByRole('heading', { name: 'Accounts' }).waitFor(),
    ],
    ...(account
      ? [
          [
            'account',
            `/know/accounts/${account.id}`,
            (page) => page.getByRole('heading', { level: 1 }).waitFor(),
          ],
        ]
      : []),
    [
      'influence',
      '/know/influence',
      (page) => page.getByRole('heading', { name: 'Who makes others buy?' }).waitFor(),
    ],
    [
      'settings-accounts',
      '/settings/accounts',
      (page) => page.getByRole('heading', { name: 'Free mail' }).waitFor(),
    ],
    ['customer-relations', `/know/customers/${customer.id}`, openRelations],
    [
      'settings-you',
      '/settings/you',
      (page) => page.getByRole('button', { name: 'Sign out' }).waitFor(),
    ],
    ['settings-users', '/settings/users', (page) => page.getByText('Invite somebody').waitFor()],
    [
      'settings-tokens',
      '/settings/tokens',
      (page) => page.getByRole('heading', { name: 'Make a token' }).waitFor(),
    ],
    [
      'settings-audit',
      '/settings/audit',
      (page) => page.getByRole('heading', { name: 'Audit log' }).waitFor(),
    ],
    [
      'settings-traits',
      '/settings/traits',
      (page) => page.getByRole('heading', { name: 'Who may see it' }).waitFor(),
    ],
    [
      'settings-identity',
      '/settings/identity',
      (page) => page.getByRole('heading', { name: 'Versions' }).waitFor(),
    ],
    ['customer-trait-history', `/know/customers/${customer.id}`, openTraitHistory],
    ['settings-about', '/settings/about', (page) => page.getByText('Running for').waitFor()],
    ['palette', '/', openPalette],
    ['keys', '/', openKeys],
    ['explain', '/', openExplanation],
    [
      'not-found',
      '/no/such/page',
      (page) => page.getByText('There is no page at this address').waitFor(),
    ],
  ]
}

async function openFirstEvent(page) {
  const grid = page.getByRole('grid')
  await grid.waitFor()
  await grid.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: 'As it was sent' }).waitFor()
}

async function openRelations(page) {
  await openProfile(page)
  await page.getByRole('region', { name: 'Relations' }).scrollIntoViewIfNeeded()
}

async function openProfile(page) {
  await page.getByRole('heading', { level: 1 }).waitFor()
  const tab = page.getByRole('tab', { name: 'Profile' })
  if (await tab.isVisible()) await tab.click()
  await page.getByRole('heading', { name: 'Traits' }).waitFor()
  await page.getByRole('heading', { name: 'Identifiers' }).scrollIntoViewIfNeeded()
}

async function openTraitHistory(page) {
  await openProfile(page)
  const traits = page.getByRole('region', { name: 'Traits' })
  await traits.locator('button[aria-expanded=false]').first().click()
  await traits.getByRole('button', { name: /^History of/ }).click()
  await page
    .getByRole('dialog')
    .getByText(/in all/)
    .waitFor()
}

async function openPalette(page) {
  await page.getByText('Events per hour').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find' }).fill('a')
  await page.locator('[role=option][data-group=Customers]').first().waitFor()
}

async function openKeys(page) {
  await page.getByText('Events per hour').waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
}

async function openExplanation(page) {
  await page.getByRole('button', { name: /Events, last 24 hours/ }).click()
  await page.getByRole('dialog', { name: 'Events, last 24 hours' }).waitFor()
}

async function firstOf(context, path) {
  const reply = await context.request.get(`${stage.engine.url}${path}`)
  assert.equal(reply.status(), 200, path)
  return (await reply.json()).items[0]
}

for (const { width, scheme } of sizes) {
  test(`signed-in pages, ${scheme}, ${width} px`, async (t) => {
    const { context } = stage
    await signIn(context, stage.engine)
    const things = {
      source: await firstOf(context, '/api/sources'),
      customer: await firstOf(context, '/api/customers?sort=n_orders&limit=1'),
      account: await firstOf(context, '/api/accounts?limit=1'),
    }
    for (const [name, path, isOpen] of pagesOf(things)) {
      await t.test(name, async (t) => {
        const { page, complaints } = await openPage(context, { width, scheme })
        t.after(() => page.close())
        await page.goto(stage.engine.url + path)
        await isOpen(page)
        await idle(page)
        await shoot(page, `${name}-${scheme}-${width}`)
        const wider = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        assert.equal(wider, 0, 'the page scrolls sideways')
        assert.deepEqual(await axeFindings(page), [])
        assert.deepEqual(complaints, [])
      })
    }
  })

  test(`pages before signing in, ${scheme}, ${width} px`, async (t) => {
    const { context } = stage
    const email = `page-${scheme}-${width}@rapport.example`
    await context.clearCookies()
    const pages = [
      ['sign-in', '/sign-in', 'Sign in'],
      ['invite-expired', '/invite/long-gone', 'This link does not work any more'],
      ['invite', await invite(context, stage.engine, email), /Welcome to Rapport|You are invited/],
    ]
    for (const [name, path, heading] of pages) {
      await t.test(name, async (t) => {
        const { page, complaints } = await openPage(context, { width, scheme })
        t.after(() => page.close())
        await page.goto(stage.engine.url + path)
        await page.getByRole('heading', { name: heading }).waitFor()
        await idle(page)
        await shoot(page, `${name}-${scheme}-${width}`)
        assert.deepEqual(await axeFindings(page), [])
        assert.deepEqual(complaints, [])
      })
    }
  })
}
