// Is a number defined once, seen with its past, changed with both versions in sight?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axeFindings, openEngine, shoot, signIn } from './browser.mjs'
import { setStage, sizes } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened } = stage

async function get(path, on = stage.engine) {
  const reply = await stage.context.request.get(on.url + path)
  assert.equal(reply.status(), 200, path)
  return reply.json()
}

/** The usual metrics are there, whoever made them. */
async function withMetrics() {
  await signIn(stage.context, stage.engine)
  const { metrics } = await get('/api/metrics')
  if (metrics.some(({ key }) => key === 'orders')) return
  const reply = await stage.context.request.post(`${stage.engine.url}/api/metrics/usual`, {
    headers: { 'x-rapport-csrf': '1' },
    data: { currency: 'EUR' },
  })
  assert.equal(reply.status(), 200, await reply.text())
}

test('the list says what each metric comes to, and whether that is better', async (t) => {
  await withMetrics()
  const page = await opened(t, '/ask/metrics')
  const line = page.getByRole('listitem').filter({ has: page.getByText('Orders', { exact: true }) })
  await line.getByRole('img').waitFor()
  await line.getByText(/^(Better|Worse|as before)$/).waitFor()
  const list = page.getByRole('list', { name: 'Metrics in use' })
  const n = await list.getByRole('listitem').count()
  assert.ok(n >= 5, `${n} metrics`)
  await page.waitForFunction(() => document.querySelectorAll('main li svg[role=img]').length >= 5)
  assert.equal(await list.getByRole('alert').count(), 0)
})

test('a metric is defined, changed with both versions side by side, and shown as it was', async (t) => {
  const name = `Product views ${Date.now()}`
  const page = await opened(t, '/ask/metrics?new=1')
  const define = page.getByRole('button', { name: 'Define the metric' })
  assert.ok(await define.isDisabled(), 'it has no name yet')
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: /Change the event$/ }).click()
  await page.getByRole('option', { name: /^Product Viewed/ }).click()
  await page.getByRole('article', { name: 'So far' }).locator('figure').waitFor()
  await define.click()
  await page.getByRole('heading', { level: 1, name }).waitFor()

  await page.getByRole('button', { name: 'Edit the metric' }).click()
  const save = page.getByRole('button', { name: 'Save the metric' })
  await save.waitFor()
  assert.ok(await save.isDisabled())
  await page.getByRole('combobox', { name: 'Counted in' }).click()
  await page.getByRole('option', { name: 'Customers' }).click()
  await page.getByRole('article', { name: 'Version 1, as it is' }).locator('figure').waitFor()
  await page.getByRole('article', { name: 'Version 2', exact: true }).locator('figure').waitFor()
  await page.getByRole('button', { name: 'Save as version 2' }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  const versions = page.getByRole('region', { name: 'Versions' })
  await versions.getByRole('heading', { name: 'Version 2' }).waitFor()
  await versions.locator('del', { hasText: 'events' }).waitFor()
  await versions.getByRole('button', { name: 'Show its numbers' }).click()
  await page.getByText(/^These are the numbers of version 1/).waitFor()
  await page.getByRole('button', { name: 'Show version 2' }).click()
  await page.getByText(/^These are the numbers/).waitFor({ state: 'detached' })
})

test('a metric says what it means, its SQL, and gives its numbers away', async (t) => {
  await withMetrics()
  const page = await opened(t, '/ask/metrics/orders')
  await page.locator('figure[data-insight]').waitFor()
  await page.getByRole('button', { name: 'What it means, and its SQL' }).click()
  const drawer = page.getByRole('dialog', { name: 'Orders' })
  await drawer
    .getByText(/select/i)
    .first()
    .waitFor()
  await drawer.getByText('Version 1', { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download the numbers (CSV)' }).click()
  assert.match((await file).suggestedFilename(), /^orders-.*\.csv$/)
})

test('a metric goes out of use and comes back', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/ask/metrics/orders', { on: shop })
  await page.getByRole('button', { name: 'What else to do with this metric' }).click()
  await page.getByRole('menuitem', { name: 'Take it out of use' }).click()
  await page.getByText(/^This metric is out of use/).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText(/^This metric is out of use/).waitFor({ state: 'detached' })
})

test('somebody else changed the metric: what was typed stays', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/ask/metrics/orders?edit=1', { on: shop })
  await page.getByLabel('Note').fill('Mine')
  const metric = shop.world.metrics.all.find(({ key }) => key === 'orders')
  Object.assign(metric, { revision: 7, changed_by: 'Bo Castellanos' })
  await page.getByRole('button', { name: 'Save the metric' }).click()
  await page.getByText(/^Bo Castellanos changed this metric/).waitFor()
  assert.equal(await page.getByLabel('Note').inputValue(), 'Mine')
  await page.getByRole('button', { name: 'Go on with mine' }).click()
  await page.getByRole('button', { name: 'Save the metric' }).click()
  await page.getByRole('button', { name: 'Edit the metric' }).waitFor()
  assert.equal(metric.note, 'Mine')
})

test('an alert is made, tells its secret once, is tested, turned off and deleted', async (t) => {
  await withMetrics()
  const page = await opened(t, '/ask/metrics/orders')
  const section = page.getByRole('region', { name: 'Alerts' })
  await section.getByRole('button', { name: 'New alert' }).click()
  const form = page.getByRole('dialog', { name: /^New alert/ })
  await form.getByRole('combobox', { name: 'It fires when' }).click()
  await page.getByRole('option', { name: 'It is above a limit' }).click()
  await form.getByLabel('Limit').fill('1234567')
  await form.getByRole('switch', { name: /^Also tell a server/ }).check()
  await form.getByLabel('Address of the server').fill('https://hooks.northlight.example/orders')
  await form.getByRole('button', { name: 'Make the alert' }).click()
  const secret = await section.getByLabel('Secret of the webhook', { exact: true }).textContent()
  assert.match(secret, /^whsec_/)
  await section.getByRole('button', { name: 'I have it' }).click()
  const line = section.getByRole('listitem').filter({ hasText: 'Above 1.23M' })
  await line.getByRole('button', { name: 'Test it now' }).click()
  await line.getByText(/It would not fire|nothing to judge/).waitFor({ timeout: 30_000 })
  await line.getByRole('button', { name: 'What it told' }).click()
  await line
    .getByText(/It has not told anything yet|New, /)
    .first()
    .waitFor()
  await line.getByRole('switch').press(' ')
  await line.getByText('Off', { exact: true }).waitFor()
  await page.reload()
  await line.getByText('Off', { exact: true }).waitFor()
  assert.equal(await page.getByText(secret).count(), 0)
  await line.getByRole('button', { name: 'Delete…' }).click()
  await line.getByRole('button', { name: 'Delete the alert' }).click()
  await line.waitFor({ state: 'detached' })
})

test('the bell says what alerts told, and that it was seen', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/', { on: shop })
  await page.getByRole('button', { name: 'Alerts 1 new' }).click()
  const list = page.getByRole('dialog', { name: 'What alerts told' })
  await list.getByText(/^New, /).waitFor()
  await list.getByText(/it is tried again/).waitFor()
  await list.getByRole('link', { name: /^Orders were 211/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor()
  await page.getByRole('button', { name: 'Alerts', exact: true }).waitFor()
})

test('an empty engine offers the usual metrics, a failing one explains', async (t) => {
  const empty = await openEngine({ mockOnly: true, empty: true })
  t.after(() => empty.stop())
  await signIn(stage.context, empty)
  const page = await opened(t, '/ask/metrics', { on: empty })
  await page.getByText('Your metrics will be listed here').waitFor()
  await page.getByRole('button', { name: /^Add the \d+ usual metrics$/ }).click()
  await page.getByRole('list', { name: 'Metrics in use' }).waitFor()
  empty.world.fail = true
  for (const path of ['/ask/metrics', '/ask/metrics/orders']) {
    await page.goto(empty.url + path)
    await page.getByText('The disk is full').first().waitFor()
    await page.getByRole('button', { name: 'Try again' }).first().waitFor()
  }
})

test('whoever may not change metrics reads them, and sees why', async (t) => {
  const shop = await stage.mockShop(t)
  shop.world.user = { ...shop.world.user, role: 'sales' }
  const page = await opened(t, '/ask/metrics/orders', { on: shop })
  const edit = page.getByRole('button', { name: 'Edit the metric' })
  assert.ok(await edit.isDisabled())
  assert.match(await edit.getAttribute('title'), /needs the role/)
})

test('a note stands on charts at its day, is changed, read in the table, deleted and undone', async (t) => {
  await withMetrics()
  const page = await opened(t, '/ask/metrics/orders')
  await page.locator('[data-chart=drawn]').first().waitFor()
  const text = `Price rise ${Date.now()}`
  await page.getByRole('button', { name: 'Notes…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Notes on charts' })
  const daysAgo = new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10)
  await dialog.getByLabel('Day').fill(daysAgo)
  await dialog.getByLabel('What happened').fill(text)
  await dialog.getByRole('button', { name: 'Write the note' }).click()
  const list = dialog.getByRole('list', { name: 'Notes' })
  await list.getByText(text, { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  const flag = page.getByRole('button', { name: new RegExp(`: ${text}`) })
  await flag.focus()
  await page.locator('span[aria-hidden]', { hasText: text }).first().waitFor()
  await page.keyboard.press('Enter')
  await dialog.getByLabel('What happened').fill(`${text} taken back`)
  await dialog.getByRole('button', { name: 'Change the note' }).click()
  await list.getByText(`${text} taken back`, { exact: true }).waitFor()
  await page.goto(`${stage.engine.url}/ask/insights?ask=trend&look=table`)
  const table = page.getByRole('table')
  await table.getByText(`${text} taken back`).waitFor()
  await page.getByRole('button', { name: 'Notes…' }).click()
  await list.getByRole('button', { name: `Delete: ${text} taken back` }).click()
  await list.getByText(`${text} taken back`, { exact: true }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await list.getByRole('button', { name: `Delete: ${text} taken back` }).click()
  await list.getByText(`${text} taken back`, { exact: true }).waitFor({ state: 'detached' })
})

test('a chart says since when its metric is defined as it is; a reader writes no notes', async (t) => {
  const shop = await stage.mockShop(t)
  shop.world.user = { ...shop.world.user, role: 'read_only' }
  const page = await opened(t, '/ask/metrics/revenue', { on: shop })
  await page.getByRole('img', { name: /defined anew: version 2$/ }).waitFor()
  await page.getByRole('button', { name: /: Price rise/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Notes on charts' })
  await dialog.getByText(/needs the role/).waitFor()
  await dialog
    .getByRole('list', { name: 'Notes' })
    .getByText(/^The shop was down/)
    .waitFor()
  assert.equal(await dialog.getByRole('button', { name: /^Delete/ }).count(), 0)
})

for (const { width, scheme } of sizes) {
  test(`metrics, ${scheme}, ${width} px`, async (t) => {
    const shop = await stage.mockShop(t)
    const page = await opened(t, '/ask/metrics', { on: shop, width, scheme })
    const look = async (name) => {
      await page.waitForTimeout(500)
      await shoot(page, `metrics-${name}-${scheme}-${width}`)
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.equal(wider, 0, `${name} scrolls sideways`)
      assert.deepEqual(await axeFindings(page), [], name)
    }
    await page.getByText('Worse').or(page.getByText('Better')).first().waitFor()
    await look('list')
    await page.goto(`${shop.url}/ask/metrics/revenue`)
    await page.locator('figure[data-insight]').waitFor()
    await page.getByRole('heading', { name: 'Version 2' }).waitFor()
    await look('detail')
    await page.getByRole('button', { name: /: Price rise/ }).click()
    await page.getByRole('list', { name: 'Notes' }).waitFor()
    await look('notes')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Notes on charts' }).waitFor({ state: 'hidden' })
    await page.getByRole('heading', { name: 'Version 1' }).scrollIntoViewIfNeeded()
    await look('versions')
    await page.goto(`${shop.url}/ask/metrics/orders`)
    await page.getByRole('button', { name: 'What it told' }).click()
    await page.getByRole('list', { name: 'What alerts told' }).waitFor()
    await page.getByRole('heading', { name: 'Alerts' }).scrollIntoViewIfNeeded()
    await look('alerts')
    await page.getByRole('button', { name: 'New alert' }).click()
    await page.getByRole('button', { name: 'Make the alert' }).waitFor()
    await look('alert-new')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Alerts 1 new' }).click()
    await page.getByRole('dialog', { name: 'What alerts told' }).waitFor()
    await look('bell')
    await page.goto(`${shop.url}/ask/metrics/refund-rate?edit=1`)
    await page.getByRole('combobox', { name: 'Counted in' }).click()
    await page.getByRole('option', { name: /^A share/ }).click()
    await page.getByRole('article', { name: 'Version 2' }).locator('figure').waitFor()
    await look('edit')
    await page.goto(`${shop.url}/ask/metrics?new=1`)
    await page.getByRole('button', { name: 'Define the metric' }).waitFor()
    await look('new')
  })
}
