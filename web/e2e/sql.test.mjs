// Is a question put in SQL: written, run, stopped, put right, drawn, kept, shared, taken away?
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { axeFindings, shoot } from './browser.mjs'
import { setStage, sizes } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened } = stage

const at = (query) => `/ask/sql?${new URLSearchParams({ query })}`
const button = (page, name) => page.getByRole('button', { name, exact: true })
const editor = (page) => page.getByRole('textbox', { name: 'SQL query' })
const rows = (page) => page.getByRole('grid', { name: 'Rows' })

// What appears this very moment is not taken yet: the key may have been meant for the text.
async function taken(page, option, key) {
  await option.waitFor()
  await page.waitForTimeout(150)
  await page.keyboard.press(key)
}

async function ran(page) {
  await editor(page).waitFor()
  await button(page, 'Run').click()
}

test('every example of the empty page runs, and says what it gives', async (t) => {
  const page = await opened(t, '/ask/sql')
  const begin = page.getByRole('region', { name: 'Begin with a question' })
  await begin.getByRole('button').nth(4).waitFor()
  const n = await begin.getByRole('button').count()
  for (let i = 0; i < n; i += 1) {
    await page.goto(`${stage.engine.url}/ask/sql`)
    const example = begin.getByRole('button').nth(i)
    const name = await example.innerText()
    await example.click()
    await button(page, 'Run').click()
    await rows(page).or(page.getByRole('alert')).waitFor()
    const wrong = page.getByRole('alert')
    assert.equal(await wrong.count(), 0, `${name}: ${await wrong.allInnerTexts()}`)
    assert.match(await page.getByRole('status').allInnerTexts().then(String), /\d+ rows? in /)
  }
})

test('a query is typed with completion, run by keyboard, and left by keyboard', async (t) => {
  const page = await opened(t, '/ask/sql')
  await editor(page).click()
  await page.keyboard.type('SELECT count(*) AS n FROM even')
  await taken(page, page.getByRole('option', { name: /^events/ }), 'Tab')
  assert.match(await editor(page).innerText(), /FROM events$/)
  await page.keyboard.type(' WHERE events.occ')
  await taken(page, page.getByRole('option', { name: /^occurred_at/ }), 'Enter')
  await page.keyboard.type(" IS NOT NULL AND name = 'Order")
  await taken(page, page.getByRole('option', { name: 'Order Completed' }), 'Enter')
  await page.keyboard.type(" AND properties ->> 'curr")
  await taken(page, page.getByRole('option', { name: /^currency/ }), 'Enter')
  await page.keyboard.type(' IS NOT NULL')
  assert.match(
    await editor(page).innerText(),
    / = 'Order [A-Z]\w+' AND properties ->> 'currency' IS/,
  )
  await page.keyboard.press('Escape')
  if (!(await button(page, 'Run').evaluate((run) => run === document.activeElement))) {
    // The first Escape closed what was offered.
    await page.keyboard.press('Escape')
  }
  assert.ok(await button(page, 'Run').evaluate((run) => run === document.activeElement))
  await editor(page).focus()
  await page.keyboard.press('Control+Enter')
  await rows(page).waitFor()
  await page.waitForURL((url) => url.searchParams.get('query')?.endsWith('IS NOT NULL'))
})

test('what is clicked in the schema stands in the query', async (t) => {
  const page = await opened(t, at('SELECT'))
  await editor(page).click()
  await page.keyboard.press('End')
  const tables = page.getByRole('region', { name: 'Tables' })
  await tables.getByRole('button', { name: /^customer_id/ }).click()
  await page.keyboard.type(' FROM')
  await button(tables, 'events').click()
  assert.equal((await editor(page).innerText()).trim(), 'SELECT customer_id FROM events')
  await page.getByRole('textbox', { name: /^Find a table/ }).fill('no such thing')
  await page.getByText('Nothing here is called that.').waitFor()
  await page.getByRole('textbox', { name: /^Find a table/ }).fill('customer_key')
  await button(page, 'About customer_key').click()
  await page
    .getByText(/customer_key\(.+/)
    .first()
    .waitFor()
})

test('an error stands where it is, and what was meant is one click away', async (t) => {
  const page = await opened(t, at('SELECT name,\n  customerid\nFROM events\nLIMIT 3'))
  await ran(page)
  await page
    .getByRole('alert')
    .getByText(/customerid/)
    .waitFor()
  await button(page, 'Line 2, column 3').click()
  assert.equal(await page.locator('.cm-wrong').innerText(), 'customerid')
  assert.ok(await editor(page).evaluate((box) => box.contains(document.activeElement)))
  await page.getByRole('button', { name: /^Use/ }).click()
  assert.match(await editor(page).innerText(), /^\s+customer_id$/m)
  await button(page, 'Run').click()
  await rows(page).waitFor()
  await page.goto(stage.engine.url + at('SELECT name\nFORM events'))
  await ran(page)
  await button(page, 'Line 2, column 6').waitFor()
  await page.goto(stage.engine.url + at('DROP TABLE events'))
  await ran(page)
  await page.getByRole('alert').waitFor()
})

test('nothing found is no failure', async (t) => {
  const page = await opened(t, at('SELECT customer_id, name FROM customers WHERE false'))
  await ran(page)
  await page.getByText('No rows').waitFor()
  await page.getByText(/^Nothing meets the conditions/).waitFor()
})

test('the plan is shown before the query runs', async (t) => {
  const page = await opened(t, at('SELECT name, count(*) AS n FROM events GROUP BY name'))
  await page.getByRole('tab', { name: 'Plan' }).click()
  const plan = page.getByRole('figure').getByLabel('plan', { exact: true })
  await plan.waitFor()
  assert.match(await plan.innerText(), /\bname\b/)
})

test('an answer is drawn: what along, what up, as what', async (t) => {
  const query = `SELECT date_trunc('month', occurred_at) AS month, count(*) AS orders
FROM events WHERE name = 'Order Completed' GROUP BY month ORDER BY month`
  const page = await opened(t, at(query))
  await ran(page)
  await page.getByRole('tab', { name: 'Chart' }).click()
  const drawing = page.getByRole('img', { name: /^orders between .+ along month/ })
  await drawing.and(page.locator('[data-chart=drawn]')).waitFor()
  await page.getByRole('combobox', { name: 'As' }).click()
  await page.getByRole('option', { name: 'Bars' }).click()
  await drawing.waitFor()
  const name = `Drawn ${Date.now().toString(36)}`
  await button(page, 'Save…').click()
  await page.getByLabel('Name').fill(name)
  await button(page, 'Save the query').click()
  await page.waitForURL((url) => url.searchParams.has('saved'))
  await page.goto(`${stage.engine.url}/ask/sql`)
  await page.getByRole('tab', { name: 'Saved' }).click()
  await page.getByRole('list', { name: 'Saved queries' }).getByText(name).click()
  await button(page, 'Run').click()
  await drawing.waitFor()
  assert.equal(await page.getByRole('combobox', { name: 'As' }).inputValue(), 'Bars')
})

test('a query is saved, renamed, changed, deleted, and brought back', async (t) => {
  const page = await opened(t, at('SELECT 1 AS one'))
  const name = `One ${Date.now().toString(36)}`
  await editor(page).waitFor()
  await button(page, 'Save…').click()
  await page.getByLabel('Name').fill(name)
  await button(page, 'Save the query').click()
  await page.waitForURL((url) => url.searchParams.has('saved'))
  await page.getByRole('tab', { name: 'Saved' }).click()
  const list = page.getByRole('list', { name: 'Saved queries' })
  await list.getByText(name).waitFor()
  await editor(page).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(', 2 AS two')
  await button(page, 'Save the changes').click()
  await button(page, 'Save the changes').waitFor({ state: 'detached' })
  await button(page, `More about ${name}`).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByLabel(`New name of ${name}`).fill(`${name} b`)
  await page.keyboard.press('Enter')
  await button(page, `More about ${name} b`).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await list.getByText(`${name} b`).waitFor({ state: 'detached' })
  await page.getByText(`“${name} b” was deleted.`).locator('..').getByText('Undo').click()
  await list.getByText(`${name} b`).waitFor()
  await button(page, `More about ${name} b`).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await list.getByText(`${name} b`).waitFor({ state: 'detached' })
  await page.getByText(/^Recently deleted/).click()
  await button(page, `Bring back ${name} b`).click()
  await list.getByText(`${name} b`).waitFor()
  await button(page, 'New').click()
  await list.getByText(`${name} b`).click()
  assert.match(await editor(page).innerText(), /SELECT 1 AS one, 2 AS two/)
  const { searchParams } = new URL(page.url())
  await page.goto(`${stage.engine.url}/ask/sql?saved=${searchParams.get('saved')}`)
  await editor(page).getByText('SELECT 1 AS one, 2 AS two').waitFor()
})

test('all rows are taken away as CSV and as Arrow', async (t) => {
  const page = await opened(
    t,
    at('SELECT name, count(*) AS n FROM events GROUP BY name ORDER BY n'),
  )
  await ran(page)
  await rows(page).waitFor()
  for (const [form, begins] of [
    ['CSV', /^name,n[,\r\n]/],
    ['Arrow', /^\xff\xff\xff\xff/],
  ]) {
    await button(page, 'Download').click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: form }).click(),
    ])
    const bytes = await readFile(await file.path(), 'latin1')
    assert.ok(bytes.length > 20, `${form} has ${bytes.length} bytes`)
    assert.match(bytes, begins)
  }
})

test('the page is clean, wide and narrow, light and dark', async (t) => {
  const queries = {
    empty: '',
    rows: `SELECT date_trunc('month', occurred_at) AS month, count(*) AS orders
FROM events WHERE name = 'Order Completed' GROUP BY month ORDER BY month`,
    json: "SELECT occurred_at, name, properties FROM events WHERE name = 'Order Completed' LIMIT 50",
    error: 'SELECT name,\n  customerid\nFROM events',
  }
  for (const { width, scheme } of sizes) {
    for (const [what, query] of Object.entries(queries)) {
      const page = await opened(t, query ? at(query) : '/ask/sql', { width, scheme })
      await editor(page).waitFor()
      if (query) {
        await button(page, 'Run').click()
        await page.mouse.move(0, 0)
        await rows(page).or(page.getByRole('alert')).waitFor()
      }
      await page.waitForTimeout(350)
      await shoot(page, `sql-${what}-${scheme}-${width}`)
      assert.deepEqual(await axeFindings(page), [], `sql ${what} ${scheme} ${width}`)
      if (what === 'rows') {
        await page.getByRole('tab', { name: 'Chart' }).click()
        await page.locator('[data-chart=drawn]').waitFor()
        await shoot(page, `sql-chart-${scheme}-${width}`)
        assert.deepEqual(await axeFindings(page), [], `sql chart ${scheme} ${width}`)
      }
      if (what === 'json') {
        await page.getByRole('row').nth(2).click()
        await page.getByRole('dialog').getByRole('group').first().waitFor()
        await page.waitForTimeout(250)
        await shoot(page, `sql-row-${scheme}-${width}`)
        assert.deepEqual(await axeFindings(page), [], `sql row ${scheme} ${width}`)
      }
      await page.close()
    }
  }
})

// From here on the browser is signed in at mocks of the tests' own.
test('of many rows the first are shown, and it is said; one is opened with its JSON', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, at('SELECT event_id, name, properties FROM events'), { on: shop })
  await ran(page)
  await page.getByText('The first 1,000 rows of more').waitFor()
  assert.ok((await page.getByRole('row').count()) < 100, 'few rows are in the document')
  await button(page, 'Show 10,000').click()
  await page.getByText('The first 10,000 rows of more').waitFor()
  await rows(page).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const row = page.getByRole('dialog', { name: 'Row 1' })
  await row.getByRole('group', { name: 'properties' }).getByText('currency:').waitFor()
  await page.keyboard.press('Escape')
  await page.goto(shop.url + at('SELECT 9007199254740993 AS bigger'))
  await ran(page)
  await rows(page).getByText('9,007,199,254,740,993').waitFor()
})

test('a slow query is stopped, and the engine sees it', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, at('SELECT slow'), { on: shop })
  await ran(page)
  await page.getByText(/^Running/).waitFor()
  await button(page, 'Stop').click()
  await page.getByText('Stopped before the answer was there.').waitFor()
  for (let n = 0; n < 200 && !shop.world.n_sqlStopped; n += 1) await page.waitForTimeout(50)
  assert.equal(shop.world.n_sqlStopped, 1)
  await button(page, 'Run').waitFor()
})

test('how to connect names the port where it is on, and the switch where it is off', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/ask/sql', { on: shop })
  await button(page, 'Connect another program').click()
  const drawer = page.getByRole('dialog', { name: 'Connect another program' })
  await drawer.getByText(/is off/).waitFor()
  shop.world.sqlServer = { port: 6543, is_tls: true }
  await page.reload()
  await button(page, 'Connect another program').click()
  await drawer.getByText(/port=6543 dbname=rapport/).waitFor()
  await drawer.getByRole('tab', { name: 'JDBC' }).click()
  await drawer.getByText(/^jdbc:postgresql:\/\/127\.0\.0\.1:6543\/rapport/).waitFor()
})

test('who may not ask is told who may; a failing engine is told too', async (t) => {
  const shop = await stage.mockShop(t)
  shop.world.user = { ...shop.world.user, role: 'marketer' }
  const page = await opened(t, '/ask/sql', { on: shop })
  await page.getByText(/This needs the role admin or analyst/).waitFor()
  assert.equal(await page.getByRole('link', { name: 'SQL' }).count(), 0)
  const failing = await stage.mockShop(t, { fail: true })
  const other = await opened(t, '/ask/sql', { on: failing })
  await other.getByText('The tables could not be read').waitFor()
})
