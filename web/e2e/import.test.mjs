// Can a person bring a file in by the browser: choose it, say what its columns mean, see what it
// becomes, let it run, and know that it is gone afterwards?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axeFindings, openEngine, shoot, signIn } from './browser.mjs'
import { setStage, sizes } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened } = stage

/** A list of guests; its third row is nobody. Different for every test. */
function guests(tag) {
  const rows = [
    ['email', 'first name', 'town', 'table'],
    [`ann-${tag}@guests.example`, 'Ann', 'Kiel', '4'],
    [`bob-${tag}@guests.example`, 'Bob', '', '4'],
    ['', 'Nobody', 'Ulm', '7'],
  ]
  const text = rows.map((row) => row.join(',')).join('\n')
  return { name: `guests-${tag}.csv`, mimeType: 'text/csv', buffer: Buffer.from(`${text}\n`) }
}

async function choose(page, file) {
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText(/^All 3 rows were tried/).waitFor()
}

const meaning = (page, column) => page.getByRole('combobox', { name: `What “${column}” means` })

async function setMeaning(page, column, part) {
  await meaning(page, column).click()
  await page.getByRole('option', { name: part, exact: true }).click()
}

/** A browser on a busy machine drops keys that come before the page was first painted. */
async function chooserByKeyboard(page) {
  const opened = page.waitForEvent('filechooser', { timeout: 60_000 })
  let isOpen = false
  opened.then(
    () => (isOpen = true),
    () => {},
  )
  while (!isOpen) {
    await page.locator('input[type=file]').press('Enter')
    await Promise.race([opened, page.waitForTimeout(2_000)])
  }
  return opened
}

async function get(path, on = stage.engine) {
  const reply = await stage.context.request.get(on.url + path)
  return { status: reply.status(), body: await reply.json().catch(() => null) }
}

test('a list of customers comes in, and the file is gone', async (t) => {
  const page = await opened(t, '/listen/imports')
  await page.getByRole('link', { name: 'Bring in a file' }).first().click()
  const file = guests(`a${Date.now()}`)
  await choose(page, file)
  assert.match(
    await page.getByText(/^All 3 rows were tried/).textContent(),
    /2 events about 2 customers, 1 row refused/,
  )
  assert.equal(await meaning(page, 'email').inputValue(), 'E-mail address')
  await page.getByRole('region', { name: 'Rows that will be refused' }).getByText('row 3').waitFor()
  const uploadId = new URL(page.url()).searchParams.get('upload')
  await page.getByRole('button', { name: 'Go on to the import' }).click()
  await page.getByRole('button', { name: 'Import all rows' }).click()
  await page.getByText('Done', { exact: true }).waitFor({ timeout: 30_000 })
  await page.getByText(/^3 rows, 2 events.*1 row refused\.$/).waitFor()
  await page.getByText(/The uploaded file was deleted/).waitFor()
  const { body } = await get(`/api/uploads/${uploadId}`)
  assert.equal(body.is_here, false, 'only its refused rows are left')
  await page.getByRole('link', { name: 'Download the refused rows' }).waitFor()
})

test('the meaning of a column is changed, and the preview follows', async (t) => {
  const page = await opened(t, '/listen/imports/new')
  await choose(page, guests(`b${Date.now()}`))
  const events = page.getByRole('region', { name: 'The first events' })
  await events.getByText('first name').first().waitFor()
  await setMeaning(page, 'first name', 'Leave out')
  await events.getByText('first name').first().waitFor({ state: 'detached' })
  await page.getByLabel('What “town” is called').fill('home_town')
  await events.getByText('home town').first().waitFor()
  await setMeaning(page, 'email', 'Leave out')
  await page.getByText(/^Not yet: /).waitFor()
  assert.ok(await page.getByRole('button', { name: 'Go on to the import' }).isDisabled())
  await page.getByRole('button', { name: 'Back to what was proposed' }).click()
  await events.getByText('first name').first().waitFor()
})

test('what was chosen is there again after a reload, and the file can be deleted', async (t) => {
  const page = await opened(t, '/listen/imports/new')
  const file = guests(`c${Date.now()}`)
  await choose(page, file)
  const kept = page.waitForResponse((reply) => reply.url().includes('/preview'))
  await setMeaning(page, 'table', 'Leave out')
  const uploadId = new URL(page.url()).searchParams.get('upload')
  await kept
  await page.reload()
  await page.getByText(/^All 3 rows were tried/).waitFor()
  assert.equal(await meaning(page, 'table').inputValue(), 'Leave out')
  await page.getByRole('link', { name: 'File', exact: true }).click()
  const line = page.getByRole('listitem').filter({ hasText: file.name })
  await line.getByRole('button', { name: 'Delete now' }).click()
  await line.waitFor({ state: 'detached' })
  assert.equal((await get(`/api/uploads/${uploadId}`)).status, 404)
})

test('by keyboard alone', async (t) => {
  const page = await opened(t, '/listen/imports/new')
  const chooser = await chooserByKeyboard(page)
  await chooser.setFiles(guests(`k${Date.now()}`))
  await page.getByText(/^All 3 rows were tried/).waitFor()
  await page.getByRole('button', { name: 'Go on to the import' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Import all rows' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Done', { exact: true }).waitFor({ timeout: 30_000 })
})

test('what is no table is refused with what to do instead', async (t) => {
  const page = await opened(t, '/listen/imports/new')
  const buffer = Buffer.from('<!doctype html><html><body>orders</body></html>')
  const file = { name: 'orders.csv', mimeType: 'text/csv', buffer }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText(/^orders\.csv was not taken:/).waitFor()
  await page.getByText('Drop a file here').waitFor()
})

test('a marketer may, sales may not; a broken engine says so', async (t) => {
  const shop = await openEngine({ mockOnly: true })
  t.after(() => shop.stop())
  await signIn(stage.context, shop)
  shop.world.user = { ...shop.world.user, role: 'sales' }
  const page = await opened(t, '/listen/imports/new', { on: shop })
  await page.getByText('This needs the role admin, marketer or analyst').waitFor()
  assert.equal(await page.locator('input[type=file]').count(), 0)
  shop.world.user = { ...shop.world.user, role: 'marketer' }
  await page.goto(`${shop.url}/listen/imports/new?upload=f_00000000000000000000000000000000`)
  await page.getByText('This file is not here any more').waitFor()
})

for (const { width, scheme } of sizes) {
  test(`the steps of the import, ${scheme}, ${width} px`, async (t) => {
    // A mock on another port may have taken the place of the session.
    await signIn(stage.context, stage.engine)
    const page = await opened(t, '/listen/imports/new', { width, scheme })
    const look = async (name) => {
      await page.waitForTimeout(400)
      await shoot(page, `import-${name}-${scheme}-${width}`)
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.equal(wider, 0, `${name} scrolls sideways`)
      assert.deepEqual(await axeFindings(page), [], name)
    }
    await page.getByText('Drop a file here').waitFor()
    await look('1-file')
    await choose(page, guests(`s${scheme}${width}${Date.now()}`))
    await look('2-columns')
    await page.getByRole('heading', { name: 'What it will become' }).scrollIntoViewIfNeeded()
    await look('2-preview')
    await page.getByRole('button', { name: 'Go on to the import' }).click()
    await page.getByRole('button', { name: 'Import all rows' }).waitFor()
    await look('3-ready')
    await page.getByRole('button', { name: 'Import all rows' }).click()
    await page.getByText('Done', { exact: true }).waitFor({ timeout: 30_000 })
    await look('3-done')
  })
}
