// Do the pages do what a person expects: by mouse, by keyboard alone, empty, failing and full?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEngine, openPage, signIn } from './browser.mjs'
import { setStage } from './stage.mjs'

const stage = setStage()
const { opened } = stage

test('a wrong password is refused in words, and what was typed stays', async (t) => {
  // An engine where nobody lives yet shows the way to the first link instead.
  await signIn(stage.context, stage.engine)
  await stage.context.clearCookies()
  const page = await opened(t, '/know/customers?q=a')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByLabel('E-mail').fill('nobody@rapport.example')
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  assert.equal(await page.getByLabel('E-mail').inputValue(), 'nobody@rapport.example')
})

test('after signing in one is where one wanted to go', async (t) => {
  await signIn(stage.context, stage.engine)
  await stage.context.clearCookies()
  const page = await opened(t, '/know/customers?known=true')
  await page.getByLabel('E-mail').fill(stage.engine.login.email)
  await page.getByLabel('Password', { exact: true }).fill(stage.engine.login.password)
  await page.keyboard.press('Enter')
  await page.getByRole('grid', { name: 'Customers' }).waitFor()
  assert.match(page.url(), /known=true/)
})

test('a new source waits, and shows its first event when it arrives', async (t) => {
  await signIn(stage.context, stage.engine)
  const name = `End to end ${Date.now()}`
  const page = await opened(t, '/listen/sources')
  await page.getByRole('button', { name: 'Create a source' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByRole('radio', { name: /^Server/ }).click()
  await page.getByRole('button', { name: 'Create the source' }).click()
  await page.getByRole('heading', { name }).waitFor()
  await page.getByText('Waiting for the first event.').waitFor()

  const { items } = await (await page.request.get(`${stage.engine.url}/api/sources`)).json()
  const { write_key } = items.find((source) => source.name === name)
  const snippet = await page.locator('pre').textContent()
  assert.ok(snippet.includes(write_key), 'the snippet carries the key')
  const sent = await fetch(`${stage.engine.url}/v1/track`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${write_key}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ userId: 'e2e', event: 'First Light', properties: { n: 1 } }),
  })
  assert.equal(sent.status, 200)
  await page.getByText('First Light').waitFor()
})

test('a source setting changes and can be undone', async (t) => {
  await signIn(stage.context, stage.engine)
  const { items } = await (
    await stage.context.request.get(`${stage.engine.url}/api/sources`)
  ).json()
  const page = await opened(t, `/listen/sources/${items.at(-1).id}?tab=settings`)
  const keep = page.getByRole('switch', { name: 'Keep IP addresses' })
  await keep.waitFor()
  const before = await keep.isChecked()
  await keep.click({ force: true })
  await page.getByRole('button', { name: 'Undo' }).waitFor()
  assert.equal(await keep.isChecked(), !before)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.waitForFunction(
    (wanted) => document.querySelector('[role=switch]').checked === wanted,
    before,
  )
})

test('by keyboard alone: to the customers, to one of them, and back', async (t) => {
  await signIn(stage.context, stage.engine)
  const page = await opened(t, '/')
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content')
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  const grid = page.getByRole('grid', { name: 'Customers' })
  await grid.waitFor()
  await page.keyboard.press('/')
  assert.equal(
    await page.evaluate(() => document.activeElement.getAttribute('aria-label')),
    'Search customers',
  )
  await page.keyboard.press('Escape')
  for (let i = 0; i < 40 && !(await isFocused(grid)); i += 1) await page.keyboard.press('Tab')
  assert.ok(await isFocused(grid), 'Tab reaches the table')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/know\/customers\/c_/)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.goBack()
  await grid.waitFor()
})

const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement)

test('Ctrl-K finds a customer, and Escape leaves without a trace', async (t) => {
  await signIn(stage.context, stage.engine)
  const list = await (
    await stage.context.request.get(`${stage.engine.url}/api/customers?known=true&limit=20`)
  ).json()
  const wanted = list.items.find((customer) => customer.email)
  if (!wanted) return t.skip('no customer with an e-mail address here')
  const page = await opened(t, '/')
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find' }).fill(wanted.email)
  await page.locator('[role=option][data-group=Customers]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(new RegExp(`/know/customers/${wanted.id}`))
  await page.keyboard.press('Control+k')
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: 'Find' }).waitFor({ state: 'detached' })
})

test('the state of the list is in its address', async (t) => {
  await signIn(stage.context, stage.engine)
  const page = await opened(t, '/know/customers?known=true&sort=n_orders&order=desc')
  await page.getByRole('grid').waitFor()
  assert.equal(
    await page.getByRole('columnheader', { name: 'Orders' }).getAttribute('aria-sort'),
    'descending',
  )
  await page.getByRole('button', { name: 'Last seen' }).click()
  await page.waitForURL(/sort=last_seen/)
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'E-mail' }).click()
  await page.waitForURL(/columns=/)
  await page.getByRole('columnheader', { name: 'E-mail' }).waitFor({ state: 'detached' })
})

test('the debugger holds still when paused, and opens an event as sent', async (t) => {
  await signIn(stage.context, stage.engine)
  const page = await opened(t, '/listen/debugger')
  const grid = page.getByRole('grid')
  await grid.waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  const first = () => grid.locator('[aria-rowindex="2"]').textContent()
  const held = await first()
  await page.waitForTimeout(2_500)
  assert.equal(await first(), held)
  await page.getByRole('button', { name: 'Go on' }).click()
  await grid.locator('[aria-rowindex="2"]').click()
  await page.getByRole('tab', { name: 'As it was understood' }).waitFor()
  await page.waitForURL(/open=p_/)
})

test('a timeline line opens and shows what was sent', async (t) => {
  await signIn(stage.context, stage.engine)
  const list = await (
    await stage.context.request.get(`${stage.engine.url}/api/customers?sort=n_events&limit=1`)
  ).json()
  const page = await opened(t, `/know/customers/${list.items[0].id}`)
  const line = page.locator('ol button[aria-expanded=false]').first()
  await line.click()
  await page.locator('ol button[aria-expanded=true]').first().waitFor()
})

test('100,000 customers: the table is quick and keeps few rows in the document', async (t) => {
  const many = await openEngine({ mockOnly: true, customers: 100_000 })
  t.after(() => many.stop())
  await signIn(stage.context, many)
  const page = await opened(t, '/know/customers', { on: many })
  const grid = page.getByRole('grid')
  await grid.waitFor()
  assert.equal(await grid.getAttribute('aria-rowcount'), '100001')
  // As far as it goes, again and again: more rows come in when one is near the last of them.
  await page.waitForFunction(() => {
    const grid = document.querySelector('[role=grid]')
    grid.scrollTo(0, grid.scrollHeight)
    const last = [...grid.querySelectorAll('[aria-rowindex]')].at(-1)
    return Number(last?.getAttribute('aria-rowindex')) > 600
  })
  const rows = await page.getByRole('row').count()
  assert.ok(rows < 80, `${rows} rows in the document`)
})

test('nothing there yet: every page says what will be here and the next step', async (t) => {
  const bare = await openEngine({ mockOnly: true, empty: true })
  t.after(() => bare.stop())
  await signIn(stage.context, bare)
  const expected = [
    ['/', 'Here you will see what came in'],
    ['/listen/sources', 'Your sources will be listed here'],
    ['/listen/debugger', 'Events will appear here as they arrive'],
    ['/listen/imports', 'Your imports will be listed here'],
    ['/know/customers', 'Your customers will be listed here'],
    ['/know/accounts', 'Accounts will be listed here'],
    ['/settings/tokens', 'Your tokens will be listed here'],
  ]
  for (const [path, title] of expected) {
    const page = await opened(t, path, { on: bare })
    await page.getByRole('heading', { name: title }).waitFor()
  }
})

test('a failing engine: every page says what happened and offers another try', async (t) => {
  const broken = await openEngine({ mockOnly: true })
  t.after(() => broken.stop())
  await signIn(stage.context, broken)
  broken.world.fail = true
  const paths = [
    '/',
    '/listen/sources',
    '/listen/sources/s_0001',
    '/listen/debugger',
    '/listen/imports',
    '/know/customers',
    '/know/customers/c_00001',
    '/know/accounts',
    '/settings/users',
    '/settings/tokens',
    '/settings/audit',
    '/settings/traits',
    '/settings/identity',
    '/settings/about',
  ]
  // Side by side: each tries again for a while before it says so.
  const toldBy = async (path) => {
    const page = await opened(t, path, { on: broken })
    const alert = page.getByRole('alert').first()
    await alert.waitFor()
    assert.match(await alert.textContent(), /The disk is full/, path)
  }
  await Promise.all(paths.map(toldBy))
  broken.world.fail = false
  const page = await opened(t, '/listen/sources', { on: broken })
  await page.getByRole('link', { name: 'Web shop' }).waitFor()
})

test('another role: the page hides what it may not do and says why a control is off', async (t) => {
  const other = await openEngine({ mockOnly: true })
  t.after(() => other.stop())
  other.world.user = { ...other.world.user, role: 'sales' }
  await signIn(stage.context, other)
  const page = await opened(t, '/listen/sources', { on: other })
  assert.ok(await page.getByRole('button', { name: 'Create a source' }).isDisabled())
  assert.equal(await page.getByRole('link', { name: 'Debugger' }).count(), 0)
  assert.equal(await page.getByRole('link', { name: 'API tokens' }).count(), 0)
})

test('200 % zoom: the customer list and page still fit', async (t) => {
  await signIn(stage.context, stage.engine)
  for (const path of ['/', '/know/customers', '/listen/debugger']) {
    const page = await opened(t, path, { width: 720 })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForTimeout(300)
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    assert.equal(wider, 0, `${path} scrolls sideways`)
  }
})

test('the first page weighs less than 250 KB gzip', async (t) => {
  const { gzipSync } = await import('node:zlib')
  await signIn(stage.context, stage.engine)
  const { page } = await openPage(stage.context)
  t.after(() => page.close())
  let bytes = 0
  const waits = []
  page.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) {
      waits.push(response.body().then((body) => (bytes += gzipSync(body).length)))
    }
  })
  await page.goto(stage.engine.url)
  await page.getByText('Events per hour').or(page.getByText('Here you will see')).waitFor()
  await Promise.all(waits)
  t.diagnostic(`${Math.round(bytes / 1000)} KB gzip of script and style`)
  assert.ok(bytes > 50_000 && bytes < 250_000, `${bytes} bytes`)
})
